"""Files of gains: npz and HDF5."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom_channels.foreign import foreign, in_a_line, listed
from semcom_channels.npz import Header, Npz

if TYPE_CHECKING:
    from semcom_channels.trace import Trace

ORDER = ("snapshot", "rx", "tx", "symbol", "subcarrier")
UNREADABLE = "cannot be read as npz (np.savez) or HDF5 (h5py, or MATLAB's save -v7.3)"
HDF5 = (".h5", ".hdf5", ".mat")
PAIRS = (("r", "i"), ("real", "imag"))  # names of the two numbers of a compound
LEAST, MOST = 1e-100, 1e100  # whose squares and their sums are far from the ends of double precision


class BadGainsError(ValueError):
    """A file that does not serve, in one line with its path."""


def complaint(channel: "Trace") -> str | None:
    """What is wrong with a channel's file, in words; None when it serves."""
    try:
        gains = _read(channel.path, channel.array, channel.axes, stamp_of(channel.path))
    except BadGainsError as error:
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
    """Gains of unit mean power, `[snapshot, rx, tx, symbol or 1, subcarrier]` complex64; raises BadGainsError."""
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


@cache
def _read(path: Path, name: str, axes: tuple[str, ...], stamp: tuple[int, int] | None) -> np.ndarray:
    if stamp is None:
        counted = "" if path.is_absolute() else f"; a relative path counts from where semcom runs, {Path.cwd()}"
        raise BadGainsError(f"{in_a_line(str(path))}: no such file{counted}")
    with foreign(lambda _: BadGainsError(f"{path}: {UNREADABLE}")):
        raw = (_from_hdf5 if path.suffix.lower() in HDF5 else _from_npz)(path, name, axes)
        gains = np.asarray(_complex(raw))
    present = [axis for axis in ORDER if axis in axes]
    ordered = np.transpose(gains, [axes.index(axis) for axis in present])
    missing = [place for place, axis in enumerate(ORDER) if axis not in axes]
    scaled: np.ndarray = np.expand_dims(ordered, missing) / _size(gains, f"{path}: {name}", axes[0])
    return scaled.astype(np.complex64)


def _size(gains: np.ndarray, what: str, first_axis: str) -> np.float64:
    """The root mean square of gains; raises BadGainsError for some that arithmetic does not bear."""
    if not np.isfinite(gains).all():
        bad = int(np.count_nonzero(~np.isfinite(gains).reshape(len(gains), -1).all(axis=1)))
        raise BadGainsError(f"{what} has gains that are not finite, in {bad} entries of {first_axis}")
    largest = float(max(np.abs(gains.real).max(), np.abs(gains.imag).max()))
    if largest == 0.0:
        raise BadGainsError(f"{what} holds no power")
    if not LEAST <= largest <= MOST:
        raise BadGainsError(
            f"{what} has {largest:.3g} as its largest gain; expected {LEAST:g} to {MOST:g}, as ratios of amplitudes"
        )
    size: np.float64 = np.sqrt(np.mean(np.abs(gains.astype(np.complex128)) ** 2))
    return size


def _complex(raw: np.ndarray) -> np.ndarray:
    """The array as complex numbers; those beyond the range of 64 bits become infinite."""
    with np.errstate(over="ignore"):
        if raw.dtype.names is not None:
            first, second = raw.dtype.names
            raw = raw[first] + 1j * raw[second]
        elif raw.dtype.kind == "f":
            raw = raw[..., 0] + 1j * raw[..., 1]
        return raw.astype(np.complex128) if raw.dtype.itemsize > np.dtype(np.complex128).itemsize else raw


def _check(header: Header, path: Path, name: str, axes: tuple[str, ...]) -> None:
    """Raises BadGainsError for an array that cannot be gains, before it is read."""
    shape, dtype = header
    pairs = dtype.names in PAIRS and all(part.kind == "f" for part, *_ in (dtype.fields or {}).values())  # of MATLAB
    parted = dtype.kind == "f" and len(shape) == len(axes) + 1 and shape[-1] == 2
    if not (parted or (len(shape) == len(axes) and (pairs or dtype.kind == "c"))) or 0 in shape:
        raise BadGainsError(f"{path}: {name} has the shape {shape} of {dtype}; expected axes {', '.join(axes)}")
    _check_size(header, path, name)


def _check_size(header: Header, path: Path, name: str) -> None:
    try:
        header.check_size()
    except ValueError as error:
        raise BadGainsError(f"{path}: {name}: {error}") from None


def _from_npz(path: Path, name: str, axes: tuple[str, ...]) -> np.ndarray:
    with Npz.open(path) as archive:
        if name not in archive.names:
            raise BadGainsError(f"{path}: has no array {name}; it has {listed(archive.names)}")
        _check(archive.header(name), path, name, axes)
        return archive.array(name)


def _from_hdf5(path: Path, name: str, axes: tuple[str, ...]) -> np.ndarray:
    import h5py

    with h5py.File(path, "r") as file:
        found: Any = file
        for part in name.strip("/").split("/"):
            link = found.get(part, getlink=True) if isinstance(found, h5py.Group) else None
            if link is not None and not isinstance(link, h5py.HardLink):  # which may lead to any file
                raise BadGainsError(f"{path}: {name} is a link; expected the array itself")
            found = None if link is None else found[part]
        if not isinstance(found, h5py.Dataset):
            raise BadGainsError(f"{path}: has no array {name}; it has {listed(list(file))}")
        if found.is_virtual or found.external:
            raise BadGainsError(f"{path}: {name} stands in other files; expected the array itself")
        _check(Header(found.shape or (), found.dtype), path, name, axes)
        if found.chunks:
            _check_size(Header(found.chunks, found.dtype), path, name)
        return np.asarray(found[()])
