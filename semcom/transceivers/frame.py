"""How a unit's channel uses are cut into code blocks."""

import math
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from semcom.transceivers.mcs import Mcs
from semcom_channels.codes import CRC_BITS, Code
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation

TYPICAL_BITS = 500  # a block of this length exists at every rate that the code has

Crc: TypeAlias = Literal["CRC24A", "CRC16", "CRC11", "CRC6"]


class Frame(NamedTuple):
    """Equally long code blocks, each of whole symbols; the symbols left over are idle. No blocks: all of them are.

    | block | block | ... | block | idle |    a block: payload + CRC -> code -> symbols
    """

    modulation: Modulation
    crc: Crc
    blocks: int
    information_bits: int
    """Of a block, its CRC included."""
    coded_bits: int
    """Of a block."""
    idle: int
    """Channel uses."""

    @property
    def block_bits(self) -> int:
        """Payload bits of a block."""
        return self.information_bits - CRC_BITS[self.crc]

    @property
    def payload_bits(self) -> int:
        """Payload bits of the unit."""
        return self.blocks * self.block_bits

    @property
    def bits_per_symbol(self) -> int:
        """Of the modulation."""
        return BITS_PER_SYMBOL[self.modulation]

    @property
    def block_uses(self) -> int:
        """Channel uses of a block."""
        return self.coded_bits // self.bits_per_symbol


@lru_cache(maxsize=4096)
def frame_of(code: Code, crc: Crc, mcs: Mcs, uses: int) -> Frame | str:
    """The frame with the fewest blocks that the code allows; in words what is wrong when there is none."""
    complaint: str | None = None
    per_symbol = BITS_PER_SYMBOL[mcs.modulation]
    for blocks in range(1, uses + 1):
        coded = uses // blocks * per_symbol
        information = math.floor(coded * mcs.code_rate)
        if information <= CRC_BITS[crc]:
            complaint = f"{information} information bits leave no room beside the {crc}"
            break
        complaint = code.check(information, coded)
        if complaint is not None and code.check(information + 1, coded) is None:  # rounding may leave the range
            information, complaint = information + 1, None
        if complaint is None:
            return Frame(mcs.modulation, crc, blocks, information, coded, uses % blocks)
    impossible_rate = code.check(TYPICAL_BITS, math.ceil(TYPICAL_BITS / mcs.code_rate))
    return impossible_rate or complaint or "no channel uses"
