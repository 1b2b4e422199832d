"""What the user sees while a command works: on a terminal a line that moves, elsewhere a plain line now and then."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from semcom.cli.text_table import width

FIRST_S, EVERY_S = 0.9, 10.0  # before the first plain line and between them
EVERY_S_ON_TERMINAL = 0.2
ROOM = 24  # characters that a bar takes


class Status:
    """What is happening, how much of it is done and how long the rest takes; any thread may ask."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._clock = name, clock
        self._begin = clock()
        self._lock = threading.Lock()
        self._doing, self._counts, self._share = "starting", "", 0.0
        self._left_s: float | None = None
        self._told_at = self._begin

    def doing(self, what: str) -> None:
        """Says what happens now, such as importing TensorFlow."""
        with self._lock:
            self._doing = what

    def done(self, counts: str, share: float, left_s: float | None) -> None:
        """Says what is finished, such as 3/72 points, the share of the work, and the seconds that the rest takes."""
        with self._lock:
            self._counts, self._share, self._left_s, self._told_at = counts, share, left_s, self._clock()

    def line(self, bar: bool = False) -> str:
        """All of it in one line: counts first, what happens now last."""
        with self._lock:
            now = self._clock()
            parts = [self._counts] if self._counts else []
            parts.append(f"{spell(now - self._begin)} gone")
            if self._left_s is not None:
                parts.append(f"{spell(max(self._left_s - (now - self._told_at), 0.0))} left")
            drawn = f" [{'=' * round(self._share * ROOM):{ROOM}}]" if bar and self._counts else ""
            return f"{self._name}:{drawn} {', '.join(parts)}; {self._doing}"


@contextmanager
def shown(status: Status, screen: IO[str] | None = None) -> Iterator[Status]:
    """Shows a status while the block lasts.

    A terminal has one line from the first moment on, made anew several times a second. Other files get a line after a
    second, one every ten seconds from then on, and one when the block has ended well: what is refused at once leaves
    its complaint alone there.
    """
    stream = screen or sys.stderr
    over = threading.Event()
    on_terminal = stream.isatty()
    thread = threading.Thread(
        target=_on_terminal if on_terminal else _in_lines, args=(status, stream, over), daemon=True
    )
    thread.start()
    try:
        yield status
    except BaseException:
        _end(over, thread, stream, "\r\x1b[2K" if on_terminal else "")
        raise
    _end(over, thread, stream, f"\r\x1b[2K{_cut(status)}\n" if on_terminal else f"{status.line()}\n")


def _end(over: threading.Event, thread: threading.Thread, stream: IO[str], last: str) -> None:
    over.set()
    thread.join()
    _write(stream, last)


def _on_terminal(status: Status, stream: IO[str], over: threading.Event) -> None:
    while not over.is_set() and _write(stream, f"\r\x1b[2K{_cut(status)}"):
        over.wait(EVERY_S_ON_TERMINAL)


def _in_lines(status: Status, stream: IO[str], over: threading.Event) -> None:
    over.wait(FIRST_S)
    while not over.is_set() and _write(stream, f"{status.line()}\n"):
        over.wait(EVERY_S)


def _cut(status: Status) -> str:
    """The line with its bar, no wider than the terminal: what counts stands first."""
    return status.line(bar=True)[: max(width() - 1, 1)]


def _write(stream: IO[str], text: str) -> bool:
    """Whether anybody can still read it."""
    try:
        stream.write(text)
        stream.flush()
    except (OSError, ValueError):  # a closed terminal is no reason to stop computing
        return False
    return True


def spell(seconds: float) -> str:
    """A time such as 4 s, 2:05 or 1:02:05."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
