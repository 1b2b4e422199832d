"""Arrays in npz files of anybody: no pickles, and sizes are known before memory is taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np

MOST_BYTES = 1 << 31  # of an array, as it stands in memory: two gigabytes
ENDING = ".npy"


class Header(NamedTuple):
    """What a file says of an array."""

    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]

    def check_size(self) -> None:
        """Raises ValueError for an array that is too large; the dimensions may be those of a file that lies."""
        size = self.dtype.itemsize
        for length in self.shape:
            size *= length
        if size > MOST_BYTES:
            raise ValueError(f"it claims an array of {size / 2**30:.3g} GiB; expected at most {MOST_BYTES >> 30} GiB")


class Npz:
    """An open npz file."""

    def __init__(self, archive: ZipFile) -> None:
        self._members = {
            info.filename.removesuffix(ENDING): info for info in archive.infolist() if info.filename.endswith(ENDING)
        }
        self._archive = archive

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Opens it; raises whatever zipfile raises."""
        with ZipFile(path) as archive:
            yield cls(archive)

    @property
    def names(self) -> list[str]:
        """Its arrays."""
        return sorted(self._members)

    def header(self, name: str) -> Header:
        """What it says of an array; raises ValueError for what np.savez does not write, pickled objects included."""
        with self._opened(name) as file:
            return _header(file)

    def array(self, name: str) -> np.ndarray:
        """An array; raises ValueError for one that is too large."""
        header = self.header(name)
        header.check_size()
        with self._opened(name) as file:
            return np.asarray(np.lib.format.read_array(file, allow_pickle=False))

    def _opened(self, name: str) -> IO[bytes]:
        info = self._members[name]
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others may ask for memory of their own
            raise BadZipFile("it is compressed in another way than NumPy's")
        return self._archive.open(info)


def _header(file: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("it holds objects, not numbers")
    if any(length < 0 for length in shape):
        raise ValueError("it claims a negative length")
    return Header(tuple(shape), dtype)
