"""Files that are written aside and put into place whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from semcom.errors import OutsideError


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """A new file beside `path`, with its ending, which takes its place when all is written; raises OutsideError.

    Readers never see half of a file, and a link in its place is replaced: what it leads to is left alone.
    """
    half = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")  # parts of a job array start together
    try:
        half.unlink(missing_ok=True)  # of a process with this number that was killed
        half.touch(exist_ok=False)
        yield half
        half.replace(path)
    except OSError as error:
        raise OutsideError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        half.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Replaces a file by these bytes, or leaves it as it was; raises OutsideError."""
    with aside(path) as half:
        half.write_bytes(data)
