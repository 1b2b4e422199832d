"""Wall time of all of `coded_ldpc`, from start to figures, against a script for Sionna's `sim_ber`; some forty minutes.

The script (`sionna_coded_sweep.py`) has the same points and blocks in a batch, stops a point at 50 block errors or 2000
blocks as the scenario does but for its interval, and takes Sionna's defaults: LDPC with 20 iterations, and the list
decoder `SCL` of Sionna's tutorials for the Polar code, all in graphs. With `hybSCL`, which decodes by lists only the
words whose CRC fails without, the script is several times faster; that row has no bar.

python benchmarks/coded_sweep.py
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure import Peer, Row, installed, show, timed, whole_programs

WORK = "whole sweep of `coded_ldpc`, one worker"
BAR = 5.0
HERE = Path(__file__).parent


def seconds(*words: str) -> float:
    """Wall seconds of a Python program; raises CalledProcessError when it fails."""
    call = [sys.executable, *words]
    return timed(lambda: subprocess.run(call, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def semcom() -> float:
    """Sweeps a second, figures included."""
    with tempfile.TemporaryDirectory() as folder:
        return 1.0 / seconds("-m", "semcom", "run", "coded_ldpc", "--workers", "1", "--out", f"{folder}/run")


def sionna(polar_decoder: str) -> Peer:
    """Scripts a second."""
    name = f"Sionna {installed('sionna-no-rt')} `sim_ber`, graph, Polar decoder `{polar_decoder}`"
    return Peer(name, lambda: 1.0 / seconds(str(HERE / "sionna_coded_sweep.py"), polar_decoder))


def rows() -> Iterator[Row]:
    """The bar is on the list decoder that Sionna's tutorials take."""
    yield whole_programs(WORK, semcom, sionna("hybSCL"), None)
    yield whole_programs(WORK, semcom, sionna("SCL"), BAR)


if __name__ == "__main__":
    show(list(rows()))
