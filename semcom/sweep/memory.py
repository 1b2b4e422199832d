"""How much memory there is, and whether a chunk fits it."""

import os
from collections.abc import Iterator
from pathlib import Path

from semcom.errors import UserError
from semcom.studies.study import Task

LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))  # of a container
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")


def check_memory(task: Task, available: float) -> None:
    """Raises UserError for a point whose chunk takes more memory than is available, in bytes."""
    needed = task.memory_bytes()
    if needed > available:
        raise UserError(
            f"{task.size_field} and what it counts are too large: a chunk takes {in_words(needed)} of memory or more; "
            f"this machine has {in_words(available)}"
        )


def machine_bytes() -> float:
    """The memory of this machine, or of the container that semcom runs in."""
    return min([os.sysconf("SC_PHYS_PAGES") * float(os.sysconf("SC_PAGE_SIZE")), *_limits()])


def _limits() -> Iterator[float]:
    for path in LIMITS:
        try:
            yield float(path.read_text())
        except (OSError, ValueError):  # there is none, or it is "max"
            continue


def in_words(size: float) -> str:
    """Bytes with a unit that suits them: 3.6 TiB."""
    place = 0
    while size >= 1024.0 and place < len(UNITS) - 1:
        size /= 1024.0
        place += 1
    return f"{size:.3g} {UNITS[place]}"
