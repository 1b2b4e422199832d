"""Tells a hang from patience."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 60  # seconds after which a mutant hangs: a hundred times what the slowest takes


@contextmanager
def no_hang() -> Iterator[None]:
    """Fails for what takes longer than anything that does not hang."""

    def told(number: int, frame: FrameType | None) -> None:
        raise AssertionError("it hangs")

    kept = signal.signal(signal.SIGALRM, told)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, kept)
