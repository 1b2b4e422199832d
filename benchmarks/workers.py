"""Wall time of a sweep with two workers and with one, on two idle cores.

python benchmarks/workers.py, on a machine that does nothing else
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml
from measure import Peer, Row, show, timed, whole_programs

WORK = "a sweep of uncoded and coded bits, two workers"
BAR = 1.7
SCENARIO = {
    "name": "workers",
    "study": {
        "kind": "link",
        "source": {"kind": "bits", "packet_bits": 1200},
        "channels": {"AWGN": "awgn", "fading": {"kind": "rayleigh", "coherence_uses": 1}},
        "transceivers": {
            "16QAM": {"kind": "uncoded", "modulation": "16qam"},
            "LDPC": {"kind": "coded", "code": "ldpc", "modulation": "16qam"},
        },
        "metrics": ["ber"],
        "batch": 500,
    },
    "sweep": {"snr_db": {"start": 0, "stop": 14, "step": 2}},
    "stop": {"min_errors": 10**9, "max_blocks": 40_000},
}
"""More than half a minute for one worker."""


def sweeps_per_second(workers: int) -> float:
    """Of the whole command, from start to figure."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "workers.yaml"
        scenario.write_text(yaml.safe_dump(SCENARIO), encoding="utf-8")
        words = [sys.executable, "-m", "semcom", "run", str(scenario), "--workers", str(workers)]
        call = [*words, "--out", f"{folder}/run"]
        return 1.0 / timed(lambda: subprocess.run(call, check=True, stdout=subprocess.DEVNULL))


def rows() -> Iterator[Row]:
    """Raises OSError where there are no two cores."""
    if len(os.sched_getaffinity(0)) < 2:
        raise OSError("two workers need two cores")
    alone = Peer("semcom, one worker", lambda: sweeps_per_second(1))
    yield whole_programs(WORK, lambda: sweeps_per_second(2), alone, BAR)._replace(share=None)


if __name__ == "__main__":
    show(list(rows()))
