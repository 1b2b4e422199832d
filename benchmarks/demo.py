"""Wall seconds of the flagship scenario, as `make demo` runs it after the install; writes benchmarks/demo.md.

python benchmarks/demo.py, on a machine that does nothing else
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from semcom.record.machine import processor

BAR_S = 180
REPEATS = 3


def wall_seconds() -> float:
    """One run into a new folder, with a worker for each core."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "semcom", "run", "image_vs_snr", "--out", f"{folder}/demo"]
        begin = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - begin


def main() -> None:
    """Measures and writes the page."""
    cores = len(os.sched_getaffinity(0))
    seconds = [wall_seconds() for _ in range(REPEATS)]
    text = (
        "# Demo\n\n"
        f"Wall seconds of `semcom run image_vs_snr` from start to figures on {cores} cores ({processor()}), median of\n"
        f"{REPEATS} (all: {', '.join(f'{s:.0f}' for s in seconds)}); `python benchmarks/demo.py` writes this page.\n\n"
        "| run | seconds | bar |\n|---|---|---|\n"
        f"| `image_vs_snr` | {statistics.median(seconds):.0f} | {BAR_S} |\n"
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
