"""Forward error correction: the 5G codes as kinds."""

import math
from abc import abstractmethod
from typing import Annotated, Any, ClassVar, Literal

from semcom_channels.ldpc_decoders import DECODERS, Decoder, LayeredMinStar
from semcom_channels.spec import Family, Part
from semcom_channels.tensors import Bits, Llrs, Tensor

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
    """The 5G LDPC code. [3GPP 38.212, section 5.3.2]

    Rates below 1/5 repeat the codeword of rate 1/5 from its start, as the circular buffer does; the receiver adds
    what it heard of each bit. [section 5.4.2.1]
    """

    kind: Literal["ldpc"] = "ldpc"
    cites: ClassVar[tuple[str, ...]] = ("ts38212",)
    decoder: Annotated[Decoder, DECODERS] = LayeredMinStar()
    """What decides about the bits."""

    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """The lengths that Sionna's code and repetition allow: 12 <= k <= 8448 and rates up to 948/1024."""
        rate = information_bits / coded_bits
        if not 12 <= information_bits <= 8448:
            return f"{information_bits} information bits; a 5G LDPC code block has 12 to 8448"
        if rate > 948 / 1024:
            return f"code rate {rate:.4g}; the 5G LDPC code has rates up to {948 / 1024:.4g}"
        first_graph = information_bits > 3840 or (information_bits > 3824 and rate > 0.25)
        if first_graph and rate < 1 / 3:
            return f"code rate {rate:.4g} with {information_bits} information bits; above 3824 it is at least 1/3"
        return None

    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords, `[batch, coded_bits]`."""
        from semcom_channels import sionna_door
        from semcom_channels.backend import tf

        information_bits = int(bits.shape[-1])
        once = _bits_of_mother(information_bits, coded_bits, bits_per_symbol)
        words: Any = sionna_door.ldpc_encoder(information_bits, once, bits_per_symbol)(bits)
        times, rest = divmod(coded_bits, once)
        return tf.concat([words] * times + [words[:, :rest]], axis=1)

    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        from semcom_channels.backend import tf

        coded_bits = int(llrs.shape[-1])
        once = _bits_of_mother(information_bits, coded_bits, bits_per_symbol)
        heard = tf.reshape(tf.pad(llrs, [[0, 0], [0, -coded_bits % once]]), [-1, math.ceil(coded_bits / once), once])
        return self.decoder.decode(tf.reduce_sum(heard, axis=1), information_bits, bits_per_symbol)


def _bits_of_mother(information_bits: int, coded_bits: int, bits_per_symbol: int) -> int:
    """How many bits are sent once before they are repeated: at most those of rate 1/5, in whole symbols."""
    return min(coded_bits, 5 * information_bits // bits_per_symbol * bits_per_symbol)


class Polar(Code):
    """The 5G Polar code of the uplink with its CRC and list decoding. [3GPP 38.212, section 5.3.1; Tal & Vardy 2015]"""

    kind: Literal["polar"] = "polar"
    cites: ClassVar[tuple[str, ...]] = ("ts38212", "tal2015", "balatsoukas2015", "hashemi2017")
    list_size: Literal[1, 2, 4, 8, 16, 32] = 8
    """Paths that the list decoder keeps."""

    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """The lengths that Sionna's code allows: 20 <= k <= 1013, n <= 1088 and k + 11 <= n."""
        if not 20 <= information_bits <= 1013:
            return f"{information_bits} information bits; a 5G Polar code block has 20 to 1013"
        if coded_bits > 1088:
            return f"{coded_bits} coded bits; a 5G Polar code block has at most 1088"
        if information_bits + 11 > coded_bits:
            return f"{information_bits} information bits and 11 of CRC do not fit {coded_bits} coded bits"
        return None

    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords, `[batch, coded_bits]`."""
        from semcom_channels import sionna_door

        return sionna_door.polar_encoder(int(bits.shape[-1]), coded_bits)(bits)

    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        from semcom_channels import sionna_door

        coded_bits = int(llrs.shape[-1])
        return sionna_door.polar_decoder(information_bits, coded_bits, self.list_size)(llrs)


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
