"""CPU seconds of the commands that should answer at once; writes benchmarks/start_up.md.

python benchmarks/start_up.py
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

COMMANDS = ("--help", "list")
BAR_S = 0.5
REPEATS = 7


def cpu_seconds(words: list[str]) -> float:
    """User and system seconds of one process."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "semcom", *words], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measures each command and writes the table."""
    lines = [
        "# Start-up",
        "",
        f"CPU seconds (user and system), median of {REPEATS}; `python benchmarks/start_up.py` writes this page.",
        "",
        "| command | seconds | bar |",
        "|---|---|---|",
    ]
    for command in COMMANDS:
        cpu_seconds([command])
        seconds = statistics.median(cpu_seconds([command]) for _ in range(REPEATS))
        lines.append(f"| `semcom {command}` | {seconds:.2f} | {BAR_S} |")
    text = "\n".join(lines) + "\n"
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
