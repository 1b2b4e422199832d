"""Files of gains: npz and HDF5."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

if TYPE_CHECKING:
    from semcom_channels.trace import Trace

ORDER = ("snapshot", "rx", "tx", "symbol", "subcarrier")
UNREADABLE = "cannot be read as npz (np.savez) or HDF5 (h5py, or MATLAB's save -v7.3)"
LETTERS = 200  # of a path in a message
HDF5 = (".h5", ".hdf5", ".mat")


def complaint(channel: "Trace") -> str | None:
    """What is wrong with a channel's file, in words; None when it serves."""
    try:
        gains = _read(channel.path, channel.array, channel.axes, stamp_of(channel.path))
    except ValueError as error:
        return str(error)
    symbols, occupied = gains.shape[3], len(channel.grid.occupied)
    if gains.shape[4] != occupied:
        return f"{channel.path}: {channel.array} has {gains.shape[4]} subcarriers; grid.subcarriers gives {occupied}"
    if symbols not in (1, channel.grid.symbols):
        return f"{channel.path}: {channel.array} has {symbols} symbols; a slot of the grid has {channel.grid.symbols}"
    streams, combs = gains.shape[2], len(channel.grid.pilot_subcarriers)
    if streams > gains.shape[1]:
        return f"{channel.path}: {streams} transmit antennas send streams to {gains.shape[1]} receive antennas"
    if streams > combs and channel.grid.pilots.symbols:
        return f"{channel.path}: {streams} streams share {combs} pilot subcarriers; lower pilots.spacing"
    return None


def gains_of(channel: "Trace") -> np.ndarray:
    """Gains of unit mean power, `[snapshot, rx, tx, symbol or 1, subcarrier]` complex64; ValueError for a bad file."""
    return _read(channel.path, channel.array, channel.axes, stamp_of(channel.path))


def shape_of(channel: "Trace") -> tuple[int, ...]:
    """The lengths of those five axes."""
    return gains_of(channel).shape


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Tells when a file has changed."""
    try:
        found = path.stat() if path.is_file() else None  # a pipe would be waited for
    except (OSError, ValueError):
        return None
    return None if found is None else (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, name: str, axes: tuple[str, ...], stamp: tuple[int, int] | None) -> np.ndarray:
    if stamp is None:
        counted = "" if path.is_absolute() else f"; a relative path counts from where semcom runs, {Path.cwd()}"
        raise ValueError(f"{str(path)[:LETTERS]}: no such file{counted}")
    try:
        raw = _from_hdf5(path, name) if path.suffix.lower() in HDF5 else _from_npz(path, name)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        told = str(error).strip("'\"") if isinstance(error, KeyError) else UNREADABLE
        raise ValueError(f"{path}: {told}") from None
    gains = _complex(raw, len(axes))
    if gains is None:
        raise ValueError(f"{path}: {name} has the shape {raw.shape} of {raw.dtype}; expected axes {', '.join(axes)}")
    if not np.isfinite(gains).all():
        bad = int(np.count_nonzero(~np.isfinite(gains).reshape(len(gains), -1).all(axis=1)))
        raise ValueError(f"{path}: {name} has gains that are not finite, in {bad} entries of {axes[0]}")
    power = float(np.mean(np.abs(gains.astype(np.complex128)) ** 2))
    if power == 0.0:
        raise ValueError(f"{path}: {name} holds no power")
    present = [axis for axis in ORDER if axis in axes]
    ordered = np.transpose(gains, [axes.index(axis) for axis in present])
    missing = [place for place, axis in enumerate(ORDER) if axis not in axes]
    scaled: np.ndarray = np.expand_dims(ordered, missing) / np.sqrt(power)
    return scaled.astype(np.complex64)


def _complex(raw: np.ndarray, dimensions: int) -> np.ndarray | None:
    """The array as complex numbers of that many axes; None when it is none."""
    if raw.dtype.names == ("r", "i") or raw.dtype.names == ("real", "imag"):  # as MATLAB's HDF5 has them
        first, second = raw.dtype.names
        raw = raw[first] + 1j * raw[second]
    if raw.ndim == dimensions + 1 and raw.shape[-1] == 2 and np.isrealobj(raw) and raw.dtype.kind == "f":
        raw = raw[..., 0] + 1j * raw[..., 1]
    return raw if raw.ndim == dimensions and np.iscomplexobj(raw) and raw.size else None


def _from_npz(path: Path, name: str) -> np.ndarray:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        if name not in archive:
            raise KeyError(f"has no array {name}; it has {', '.join(archive) or 'none'}")
        return np.asarray(archive[name])


def _from_hdf5(path: Path, name: str) -> np.ndarray:
    import h5py

    with h5py.File(path, "r") as file:
        if name not in file or not isinstance(file[name], h5py.Dataset):
            raise KeyError(f"has no array {name}; it has {', '.join(file) or 'none'}")
        return np.asarray(file[name])
