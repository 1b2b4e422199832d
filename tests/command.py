"""Runs the command line as a user does: another process."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = [str(ROOT), *(str(ROOT / floor) for floor in ("channels", "estimation", "envs"))]


def environment(*more: str) -> dict[str, str]:
    """The environment in which a child finds semcom, and what else is in `more`."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*more, *FOLDERS]), "COLUMNS": "120"}


def start(*words: object, cwd: Path | None = None) -> "subprocess.Popen[str]":
    """`semcom WORDS` as a process group of its own, its output in pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "semcom", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=environment(),
        start_new_session=True,
    )


def semcom(*words: object, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """`semcom WORDS`, finished."""
    process = start(*words, cwd=cwd)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def complaints(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """What a command said on standard error but for its progress, of which a slow machine sees a line or two."""
    return [line for line in done.stderr.splitlines() if not re.search(r" gone(, .* left)?; ", line)]
