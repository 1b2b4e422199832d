"""How much more SNR other codes need than the one whose thresholds the table of schemes holds."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from semcom.transceivers.mcs import TABLE, Mcs, at_length, name_of
from semcom_channels.codes import Code, Ldpc, Polar

OFFSETS = Path(__file__).with_name("code_offsets.json")
OF_QPSK, OF_OTHERS = TABLE[14], TABLE[19]  # the schemes at which offsets are measured; one stands for all QAM
CODES: tuple[Code, ...] = (Polar(),)
LENGTHS = (32, 128, 512)  # information bits; the longest that a Polar code has is 1013


def offset_db(code: Code, mcs: Mcs, information_bits: int) -> float:
    """By how many dB the threshold of this code lies above the table's; 0 for a code that was not measured."""
    offsets = _measured().get(code)
    if offsets is None:
        return 0.0
    reference = OF_QPSK if mcs.modulation == OF_QPSK.modulation else OF_OTHERS
    return at_length(offsets[name_of(reference)], LENGTHS, information_bits)


def is_measured(code: Code) -> bool:
    """Whether thresholds are this code's own."""
    return code == Ldpc() or code in _measured()


@cache
def _measured() -> dict[Code, Any]:
    found = json.loads(OFFSETS.read_text())["codes"]
    return {code: each["offset_db"] for code in CODES for each in found if each["code"] == code.plain()}
