"""Measures the SNR thresholds of the MCS table anew, half an hour on one core.

Writes semcom/transceivers/mcs_thresholds.json:

python benchmarks/mcs_thresholds.py
"""

import json
from collections.abc import Iterator

from semcom.transceivers.mcs import THRESHOLDS, Mcs, name_of
from semcom.transceivers.measure_mcs import Length, measure, record


def aloud() -> Iterator[tuple[Length, Mcs, float]]:
    """The thresholds, each printed as it is found."""
    for length, mcs, snr_db in measure():
        print(length.information_bits, name_of(mcs), snr_db, flush=True)
        yield length, mcs, snr_db


if __name__ == "__main__":
    THRESHOLDS.write_text(json.dumps(record(aloud(), "python benchmarks/mcs_thresholds.py"), indent=2) + "\n")
