"""A line of a record, and copies of run folders, for tests."""

from pathlib import Path

from semcom.record.line import Finished
from semcom.tally import Mean, Rate

LINE = Finished(
    key="k",
    coordinates={"transceiver": "a", "snr_db": 0.1},
    repeat=0,
    facts={"channel_uses": 3.0},
    chunks=2,
    seconds=0.5,
    conventions={"snr_db": "defined"},
    contents={"transceiver": "a1"},
    tallies={"ber": Rate(3, 2, 30, 4), "psnr": Mean(3, 0.1 + 0.2, 1e-17)},
)


def copy(finished: Path, to: Path) -> Path:
    to.mkdir()
    for path in finished.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to
