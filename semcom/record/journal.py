"""A file that only grows, a line at a time, and survives being cut off."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from semcom.errors import OutsideError, UserError

T = TypeVar("T")


def read_lines(path: Path, parse: Callable[[str], T]) -> tuple[list[T], bool]:
    """The file's lines, and whether its last one is torn (it is left out); raises UserError for any other bad line."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    *whole, rest = text.split("\n")
    lines: list[T] = []
    for number, line in enumerate(whole, start=1):
        try:
            lines.append(parse(line))
        except ValueError:
            if number == len(whole) and not rest:
                return lines, True
            raise UserError(
                f"{path}:{number}: no line of a record; remove it, and its point is computed again"
            ) from None
    return lines, bool(rest)


def _in_place(path: str, flags: int) -> int:
    """Opens a file that is there itself: a link would lead elsewhere, and a pipe would be waited for."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)


class Journal:
    """Appends to a file that no other process appends to meanwhile."""

    def __init__(self, path: Path, whole_lines: Callable[[], int]) -> None:
        """Opens the file, locks it and only then cuts off what follows its whole lines; OutsideError, UserError."""
        self.path = path
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

    def close(self) -> None:
        """Closes the file and frees it for others."""
        self._file.close()

    def _cut_after(self, keep: int) -> None:
        self._file.seek(0)
        size = sum(len(line) for _, line in zip(range(keep), self._file, strict=False))
        if size < os.fstat(self._file.fileno()).st_size:
            os.ftruncate(self._file.fileno(), size)
