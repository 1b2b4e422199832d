"""Measures modules one after the other in processes of their own; writes benchmarks/results.md and .json.

make bench, on a machine that does nothing else, or `python benchmarks/collect.py spatial` for some of the modules: the
rows of the others stay as they are, each with the commit and the machine that it was measured at.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from measure import HEAD, SEED, Row, installed, line

from semcom.record.machine import commit, processor, versions

MODULES = (
    *("uncoded", "ldpc", "spatial", "overhead", "training"),
    *("sensing", "coupling", "games", "coded_sweep", "workers"),
)
PEERS = ("torch", "gymnasium", "komm", "scikit-commpy", "py3gpp", "hermespy")
HERE = Path(__file__).parent
KEPT = HERE / "results.json"
TEXT = f"""# Speed

`make bench` writes this page. semcom and its peer work in turns with one thread, at least 5 times after a first that
does not count (whole programs are started anew each time); speeds are medians. The ratio is semcom's speed over the
peer's in one turn: its median, and in brackets the least and the greatest. Seed {SEED}.
"""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def measured(module: str) -> dict[str, Any]:
    """The rows of a module and where they come from; raises CalledProcessError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        words = [sys.executable, str(HERE / f"{module}.py"), str(path)]
        subprocess.run(words, check=True, env={**os.environ, **ONE_THREAD})
        rows = json.loads(path.read_text(encoding="utf-8"))
    peers = {peer: found for peer in PEERS if (found := installed(peer))}
    return {"commit": commit(), "processor": processor(), "versions": {**versions(), **peers}, "rows": rows}


def page(kept: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    return "\n".join(
        [TEXT, *HEAD, *(line(row) for module in kept for row in rows_of(kept[module])), "", *origins(kept)]
    )


def rows_of(module: Mapping[str, Any]) -> list[Row]:
    """The rows of a module."""
    return [Row(**row) for row in module["rows"]]


def origins(kept: Mapping[str, Any]) -> Iterator[str]:
    """Where rows come from: one line for all modules that were measured alike."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name, module in kept.items():
        software = ", ".join(f"{name} {number}" for name, number in module["versions"].items())
        alike.setdefault((f"commit {module['commit']}, {module['processor']}", software), []).append(name)
    for (where, software), names in alike.items():
        shares = [row.share for name in names for row in rows_of(kept[name]) if row.share is not None]
        yield (
            f"- {', '.join(names)}: {where}; {software}. Processes had at least {min(shares):.0%} of a core meanwhile."
        )
    yield ""


def main() -> None:
    """Measures and writes both files after each module."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for module in sys.argv[1:] or MODULES:
        kept[module] = measured(module)
        kept = {name: kept[name] for name in MODULES if name in kept}
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        HERE.joinpath("results.md").write_text(page(kept), encoding="utf-8")
    print(page(kept))


if __name__ == "__main__":
    main()
