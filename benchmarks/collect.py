"""Measures everything, one module after the other in processes of their own; writes benchmarks/results.md and .json.

make bench, on a machine that does nothing else
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import HEAD, SEED, Row, installed, line

from semcom.record.machine import commit, processor, versions

MODULES = ("uncoded", "ldpc", "spatial", "overhead", "training", "coded_sweep", "workers")
PEERS = ("torch", "komm", "scikit-commpy", "py3gpp", "hermespy")
HERE = Path(__file__).parent
TEXT = """# Speed

`make bench` at commit {commit}, on {processor}; {software}.

semcom and its peer work in turns with one thread, at least 5 times after a first that does not count (whole programs
are started anew each time); speeds are medians. The ratio is semcom's speed over the peer's in one turn: its median,
and in brackets the least and the greatest. Seed {seed}. Meanwhile processes had at least {share:.0%} of a core.
"""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def measured(module: str) -> list[Row]:
    """The rows of a module; raises CalledProcessError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        words = [sys.executable, str(HERE / f"{module}.py"), str(path)]
        subprocess.run(words, check=True, env={**os.environ, **ONE_THREAD})
        return [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def page(rows: list[Row], software: str) -> str:
    """The page as Markdown."""
    share = min(row.share for row in rows if row.share is not None)
    words = TEXT.format(commit=commit(), processor=processor(), software=software, seed=SEED, share=share)
    return "\n".join([words, *HEAD, *map(line, rows), ""])


def main() -> None:
    """Measures and writes both files."""
    rows = [row for module in MODULES for row in measured(module)]
    found = {**versions(), **{peer: installed(peer) or "missing" for peer in PEERS}}
    software = ", ".join(f"{name} {number}" for name, number in found.items() if number != "missing")
    text = page(rows, software)
    HERE.joinpath("results.md").write_text(text, encoding="utf-8")
    plain = {"commit": commit(), "processor": processor(), "versions": found, "rows": [row._asdict() for row in rows]}
    HERE.joinpath("results.json").write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
