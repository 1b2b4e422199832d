"""Measures how much more SNR other codes need than the thresholds' own, some minutes on one core.

Writes semcom/transceivers/code_offsets.json:

python benchmarks/code_offsets.py
"""

import json

from semcom.transceivers.code_offsets import CODES, LENGTHS, OF_OTHERS, OF_QPSK, OFFSETS
from semcom.transceivers.mcs import name_of, threshold_db
from semcom.transceivers.measure_mcs import Length, threshold
from semcom_channels.codes import Code

BLOCKS, MOST_ERRORS, BATCH = 2000, 20, 250


def offsets(code: Code) -> dict[str, list[float]]:
    """Of a code at each scheme of reference and length, over the same noise as the table's thresholds."""
    found: dict[str, list[float]] = {}
    for mcs in (OF_QPSK, OF_OTHERS):
        for bits in LENGTHS:
            own = threshold(mcs, Length(bits, BLOCKS, MOST_ERRORS, BATCH), code)
            found.setdefault(name_of(mcs), []).append(round(own - threshold_db(mcs, bits), 1))
            print(code.kind, name_of(mcs), bits, own, flush=True)
    return found


if __name__ == "__main__":
    measured = {
        "command": "python benchmarks/code_offsets.py",
        "information_bits": LENGTHS,
        "block_error_rate": MOST_ERRORS / BLOCKS,
        "codes": [{"code": code.plain(), "offset_db": offsets(code)} for code in CODES],
    }
    OFFSETS.write_text(json.dumps(measured, indent=2) + "\n")
