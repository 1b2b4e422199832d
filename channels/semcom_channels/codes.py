"""Forward error correction: the 5G codes as kinds."""

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom_channels.ldpc_decoders import DECODERS, Decoder, LayeredMinStar
from semcom_channels.spec import Family, Part
from semcom_channels.tensors import Bits, Llrs, Tensor

if TYPE_CHECKING:  # NumPy, on which rate matching stands, would cost a third of `semcom list`
    from semcom_channels.ldpc_rate_matching import RateMatching
    from semcom_channels.polar_rate_matching import PolarMatching

HIGHEST_RATE = 948 / 1024  # of an LDPC code
CRC_BITS = {"CRC24A": 24, "CRC16": 16, "CRC11": 11, "CRC6": 6}


class Code(Part):
    """A block code of any length that it allows."""

    @abstractmethod
    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """What is wrong with a code of these lengths, in words; None when it exists."""

    @abstractmethod
    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords `[batch, coded_bits]` of information bits, interleaved for symbols of `bits_per_symbol`."""

    @abstractmethod
    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits `[batch, information_bits]` from `[batch, coded_bits]`."""


class Ldpc(Code):
    """The 5G LDPC code with its circular buffer. [3GPP 38.212, sections 5.3.2 and 5.4.2]

    Where more bits are sent than the buffer holds, it is read again from its start; the receiver adds what it heard of
    each bit.
    """

    kind: Literal["ldpc"] = "ldpc"
    cites: ClassVar[tuple[str, ...]] = ("ts38212",)
    decoder: Annotated[Decoder, DECODERS] = LayeredMinStar()
    """What decides about the bits."""
    redundancy_version: Literal[0, 1, 2, 3] = 0
    """Where in the buffer the sent bits begin; words of 0 can be decoded by themselves at any rate."""
    limited_buffer_bits: Annotated[int, Field(ge=1)] | None = None
    """N_ref, how much of the codeword a limited buffer holds: 3/2 of TBS_LBRM over the number of code blocks."""

    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """The lengths that the code allows: 12 <= k <= 8448, rates up to 948/1024, and a buffer that has room."""
        from semcom_channels.ldpc_rate_matching import RateMatching, base_graph

        rate = information_bits / coded_bits
        if not 12 <= information_bits <= 8448:
            return f"{information_bits} information bits; a 5G LDPC code block has 12 to 8448"
        if rate > HIGHEST_RATE:
            return f"code rate {rate:.4g}; the 5G LDPC code has rates up to {HIGHEST_RATE:.4g}"
        first_graph = information_bits > 3840 or base_graph(information_bits, coded_bits) == 1
        if first_graph and rate < 1 / 3:
            return f"code rate {rate:.4g} with {information_bits} information bits; above 3824 it is at least 1/3"
        least = math.ceil(information_bits / HIGHEST_RATE)
        held = RateMatching(information_bits, coded_bits, 1, 0, self.limited_buffer_bits).held
        if held < least:
            return (
                f"limited_buffer_bits {self.limited_buffer_bits} hold {held} bits to send; "
                f"{information_bits} information bits need at least {least}"
            )
        return None

    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords, `[batch, coded_bits]`."""
        from semcom_channels import sionna_door
        from semcom_channels.backend import tf

        matching = self._matching(int(bits.shape[-1]), coded_bits, bits_per_symbol)
        return tf.gather(sionna_door.ldpc_encoder(matching.mother)(bits), matching.sent(), axis=1)

    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        matching = self._matching(information_bits, int(llrs.shape[-1]), bits_per_symbol)
        return self.decoder.decode(matching.combined(llrs), matching)

    def _matching(self, information_bits: int, coded_bits: int, bits_per_symbol: int) -> "RateMatching":
        from semcom_channels.ldpc_rate_matching import RateMatching

        complaint = self.check(information_bits, coded_bits)
        if complaint is not None:
            raise ValueError(complaint)
        lengths = (information_bits, coded_bits, bits_per_symbol)
        return RateMatching(*lengths, self.redundancy_version, self.limited_buffer_bits)


class Polar(Code):
    """The 5G Polar code of the uplink with its CRC and list decoding. [3GPP 38.212, 5.3.1, 5.4.1; Tal & Vardy 2015]"""

    kind: Literal["polar"] = "polar"
    cites: ClassVar[tuple[str, ...]] = ("ts38212", "tal2015", "balatsoukas2015", "hashemi2017")
    list_size: Literal[1, 2, 4, 8, 16, 32] = 8
    """Paths that the list decoder keeps."""

    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """The standard's blocks with a CRC of 11 bits: 20 <= k <= 1012, k + 11 <= n <= 8192. [3GPP 38.212, 6.3.1.2]

        It cuts those of 360 information bits and more that have 1088 coded bits and more.
        """
        if not 20 <= information_bits <= 1012:
            return f"{information_bits} information bits; a 5G Polar code block has 20 to 1012"
        most = 8192 if information_bits < 360 else 1087
        if coded_bits > most:
            return f"{coded_bits} coded bits; a 5G Polar code block of {information_bits} bits has at most {most}"
        if information_bits + CRC_BITS["CRC11"] > coded_bits:
            return f"{information_bits} information bits and 11 of CRC do not fit {coded_bits} coded bits"
        return None

    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords, `[batch, coded_bits]`."""
        from semcom_channels import sionna_door
        from semcom_channels.backend import tf

        matching = self._matching(int(bits.shape[-1]), coded_bits)
        return tf.gather(sionna_door.polar_encoder(matching)(bits), matching.sent(), axis=1)

    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        from semcom_channels import sionna_door
        from semcom_channels.backend import tf

        matching = self._matching(information_bits, int(llrs.shape[-1]))
        lists = sionna_door.polar_decoder(matching, self.list_size)
        heard = matching.heard(llrs)
        bits: Any = tf.numpy_function(lambda values: lists.decode(-values), [heard], tf.float32, stateful=False)
        return tf.ensure_shape(bits, [llrs.shape[0], matching.carried_bits])[:, :information_bits]

    def _matching(self, information_bits: int, coded_bits: int) -> "PolarMatching":
        from semcom_channels.polar_rate_matching import PolarMatching

        complaint = self.check(information_bits, coded_bits)
        if complaint is not None:
            raise ValueError(complaint)
        return PolarMatching(information_bits, coded_bits)


KINDS = (Ldpc, Polar)
CODES = Family("semcom.codes", KINDS)


def add_crc(bits: Bits, name: str) -> Bits:
    """Bits followed by their cyclic redundancy check. [3GPP 38.212, section 5.1]"""
    from semcom_channels import sionna_door

    return sionna_door.crc_encoder(name, int(bits.shape[-1]))(bits)


def check_crc(bits: Bits, name: str) -> tuple[Bits, Tensor]:
    """Bits without their check, and whether each row's check holds, `[batch]` bool."""
    from semcom_channels import sionna_door

    information, valid = sionna_door.crc_decoder(name, int(bits.shape[-1]) - CRC_BITS[name])(bits)
    good: Any = valid[..., 0]
    return information, good
