"""A file that grows a line at a time, and survives being cut off."""

import fcntl
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from semcom.errors import OutsideError, UserError
from semcom.record.aside import aside

T = TypeVar("T")

MOST_BYTES = 1 << 24  # of a line
LEAST_ROOM = 1 << 20  # bytes of a file whose lines replace each other


def read_lines(path: Path, parse: Callable[[bytes], T]) -> tuple[list[T], bool]:
    """The file's lines, and whether its last one is cut off (it is left out); raises UserError for a bad one."""
    lines: list[T] = []
    try:
        if not path.is_file():
            return lines, False
        with path.open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, MOST_BYTES), b""), start=1):
                if not line.endswith(b"\n") and len(line) < MOST_BYTES:
                    return lines, True
                lines.append(_parsed(line, parse, f"{path}:{number}"))
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    return lines, False


def _parsed(line: bytes, parse: Callable[[bytes], T], place: str) -> T:
    try:
        return parse(line)
    except ValueError:
        raise UserError(f"{place}: no line of a record; remove it, and its point is computed again") from None


def _in_place(path: str, flags: int) -> int:
    """Opens a file that is there itself: a link would lead elsewhere, and a pipe would be waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)


class Journal:
    """Appends to a file that no other process appends to meanwhile."""

    def __init__(self, path: Path, whole_lines: Callable[[], int], key: Callable[[bytes], str] | None = None) -> None:
        """Opens the file, locks it and only then cuts off what follows its whole lines; OutsideError, UserError.

        With `key`, of the lines that have the same key only the last one matters: the file does not outgrow twice
        those lines, or a megabyte.
        """
        self.path = path
        self._key = key
        self._room = LEAST_ROOM
        try:
            self._file = open(path, "a+b", buffering=0, opener=_in_place)  # noqa: SIM115  # it is kept open
        except OSError as error:
            if path.is_symlink():
                raise UserError(
                    f"{path}: is a link; what is counted goes into the run folder itself. Put the file in its place, "
                    "or choose another --out"
                ) from None
            raise OutsideError(f"{path}: cannot be written: {error.strerror}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(self._file.fileno()), path.lstat()):
                raise BlockingIOError  # it has shrunk between opening and locking
        except BlockingIOError:
            self._file.close()
            raise UserError(f"{path}: another run is writing here; wait for it or choose another --out") from None
        self._cut_after(whole_lines())

    def append(self, text: str) -> None:
        """Writes one line through to the disk; raises OutsideError when that fails, with the file as it was."""
        end = os.fstat(self._file.fileno()).st_size
        data = text.encode()
        try:
            if self._file.write(data) != len(data):
                raise OSError(0, "the disk took only a part of a line")
            os.fsync(self._file.fileno())
        except OSError as error:
            if self.path.is_file():
                os.ftruncate(self._file.fileno(), end)
            raise OutsideError(f"{self.path}: cannot be written: {error.strerror}") from error
        if self._key is not None and end + len(data) > self._room:
            self._shrink(self._key)

    def close(self) -> None:
        """Closes the file and frees it for others."""
        self._file.close()

    def _cut_after(self, keep: int) -> None:
        self._file.seek(0)
        size = sum(len(line) for _, line in zip(range(keep), self._file, strict=False))
        if size < os.fstat(self._file.fileno()).st_size:
            os.ftruncate(self._file.fileno(), size)

    def _shrink(self, key: Callable[[bytes], str]) -> None:
        """Puts a file with the last line of each key in its place, locked before anybody sees it; OutsideError."""
        self._file.seek(0)
        lines = {key(line): line for line in self._file}
        with aside(self.path) as half:
            fresh = open(half, "a+b", buffering=0, opener=_in_place)  # noqa: SIM115  # it is kept open
            try:
                fcntl.flock(fresh, fcntl.LOCK_EX)
                fresh.write(b"".join(lines.values()))
                os.fsync(fresh.fileno())
                self._room = max(2 * os.fstat(fresh.fileno()).st_size, LEAST_ROOM)
            except OSError:
                fresh.close()
                raise
        self._file.close()
        self._file = fresh
