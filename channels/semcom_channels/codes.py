"""Forward error correction: the 5G codes as kinds, through Sionna's encoders and decoders."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom_channels.spec import Family, Part
from semcom_channels.tensors import Bits, Llrs, Tensor

CRC_BITS = {"CRC24A": 24, "CRC16": 16, "CRC11": 11, "CRC6": 6}


class Code(Part):
    """A block code of any length that it allows."""

    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """What is wrong with a code of these lengths, in words; None when it exists."""
        raise NotImplementedError

    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords `[batch, coded_bits]` of information bits, interleaved for symbols of `bits_per_symbol`."""
        raise NotImplementedError

    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits `[batch, information_bits]` from `[batch, coded_bits]`."""
        raise NotImplementedError


class Ldpc(Code):
    """The 5G LDPC code with belief propagation in flooding schedule (boxplus). [3GPP 38.212, section 5.3.2]"""

    kind: Literal["ldpc"] = "ldpc"
    cites: ClassVar[tuple[str, ...]] = ("ts38212",)
    iterations: Annotated[int, Field(ge=1, le=200)] = 20
    """Iterations of the decoder."""

    def check(self, information_bits: int, coded_bits: int) -> str | None:
        """The lengths that Sionna's code allows: 12 <= k <= 8448 and rates from 1/5 to 948/1024."""
        rate = information_bits / coded_bits
        if not 12 <= information_bits <= 8448:
            return f"{information_bits} information bits; a 5G LDPC code block has 12 to 8448"
        if not 0.2 <= rate <= 948 / 1024:
            return f"code rate {rate:.4g}; the 5G LDPC code has rates from 0.2 to {948 / 1024:.4g}"
        first_graph = information_bits > 3840 or (information_bits > 3824 and rate > 0.25)
        if first_graph and rate < 1 / 3:
            return f"code rate {rate:.4g} with {information_bits} information bits; above 3824 it is at least 1/3"
        return None

    def encode(self, bits: Bits, coded_bits: int, bits_per_symbol: int) -> Bits:
        """Codewords, `[batch, coded_bits]`."""
        from semcom_channels import sionna_door

        return sionna_door.ldpc_encoder(int(bits.shape[-1]), coded_bits, bits_per_symbol)(bits)

    def decode(self, llrs: Llrs, information_bits: int, bits_per_symbol: int) -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        from semcom_channels import sionna_door

        coded_bits = int(llrs.shape[-1])
        lengths = (information_bits, coded_bits, bits_per_symbol)
        return sionna_door.ldpc_decoder(*lengths, self.iterations)(llrs)


class Polar(Code):
    """The 5G Polar code of the uplink with its CRC and list decoding. [3GPP 38.212, section 5.3.1; Tal & Vardy 2015]"""

    kind: Literal["polar"] = "polar"
    cites: ClassVar[tuple[str, ...]] = ("ts38212", "tal2015")
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
