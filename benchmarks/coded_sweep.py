"""Wall time of all of `coded_ldpc`, from start to the printed table, against a script for Sionna's `sim_ber`.

The script (`sionna_coded_sweep.py`) has the same points and blocks in a batch, stops a point at 50 block errors or 2000
blocks as the scenario does but for its interval, and decodes Polar words with `hybSCL`: successive cancellation in the
graph, the list in NumPy for words whose CRC fails. Sionna's own default, `SCL` in the graph, takes a minute to trace
and twenty times longer for a word. LDPC keeps Sionna's default of 20 iterations, of its default kind.

python benchmarks/coded_sweep.py
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import Peer, Row, installed, show, side_by_side, timed

WORK, UNIT = "whole sweep of `coded_ldpc`, one worker", "s"
BAR = 5.0
REPETITIONS = 5
HERE = Path(__file__).parent


def seconds(*words: str) -> float:
    """Wall seconds of a Python program; raises CalledProcessError when it fails."""
    call = [sys.executable, *words]
    return timed(lambda: subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def semcom() -> float:
    """Sweeps a second, figure included."""
    with tempfile.TemporaryDirectory() as folder:
        return 1.0 / seconds("-m", "semcom", "run", "coded_ldpc", "--workers", "1", "--out", f"{folder}/run")


def sionna() -> float:
    """Scripts a second."""
    return 1.0 / seconds(str(HERE / "sionna_coded_sweep.py"), "hybSCL")


def rows() -> Iterator[Row]:
    """The bar is on the faster of Sionna's two list decoders."""
    peer = Peer(f"Sionna {installed('sionna-no-rt')} `sim_ber`, graph, Polar `hybSCL`", sionna)
    row = side_by_side(WORK, UNIT, semcom, peer, BAR, REPETITIONS)
    yield row._replace(ours=1.0 / row.ours, theirs=1.0 / (row.theirs or 1.0))


if __name__ == "__main__":
    show(list(rows()))
