"""Measures the SNR thresholds of the MCS table anew, half an hour on one core.

Writes semcom/transceivers/mcs_thresholds.json; with `--only` the thresholds of all other schemes stay as they are:

python benchmarks/mcs_thresholds.py
python benchmarks/mcs_thresholds.py --only "qpsk 30/1024" "qpsk 40/1024"
"""

import argparse
import json
from collections.abc import Collection

from semcom.transceivers.mcs import TABLE, THRESHOLDS, Mcs, name_of
from semcom.transceivers.measure_mcs import LENGTHS, measure, record


def main(schemes: Collection[Mcs]) -> None:
    """Measures these, prints each threshold as it is found, and writes all."""
    kept = json.loads(THRESHOLDS.read_text())["snr_db"]
    known = {(length, mcs): kept[name_of(mcs)][place] for place, length in enumerate(LENGTHS) for mcs in TABLE}
    for length, mcs, snr_db in measure(schemes):
        print(length.information_bits, name_of(mcs), known[length, mcs], "->", snr_db, flush=True)
        known[length, mcs] = snr_db
    found = ((length, mcs, snr_db) for (length, mcs), snr_db in known.items())
    THRESHOLDS.write_text(json.dumps(record(found, "python benchmarks/mcs_thresholds.py"), indent=2) + "\n")


if __name__ == "__main__":
    names = [name_of(mcs) for mcs in TABLE]
    parser = argparse.ArgumentParser(description="Measures the SNR thresholds of the MCS table.")
    parser.add_argument(
        "--only", nargs="+", choices=names, default=names, metavar="SCHEME", help=f"such as {names[0]!r}"
    )
    only = parser.parse_args().only
    main([mcs for mcs in TABLE if name_of(mcs) in only])
