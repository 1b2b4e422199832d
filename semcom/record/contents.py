"""What files hold, as digests."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from semcom.errors import UserError

DIGITS = 16


def digests(files: Mapping[str, Iterable[Path]]) -> Mapping[str, str]:
    """For each name with files the first hex digits of the SHA-256 of their names and contents; raises UserError."""
    return {name: _digest(tuple(paths)) for name, paths in files.items() if paths}


def _digest(paths: Iterable[Path]) -> str:
    both = hashlib.sha256()
    for path in paths:
        try:
            state = path.stat()
            both.update(path.name.encode() + b"\0" + _of_file(path, state.st_mtime_ns, state.st_size))
        except OSError as error:
            raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    return both.hexdigest()[:DIGITS]


@lru_cache(maxsize=4096)
def _of_file(path: Path, modified_ns: int, size: int) -> bytes:
    """The file's SHA-256, computed once for each state of the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
