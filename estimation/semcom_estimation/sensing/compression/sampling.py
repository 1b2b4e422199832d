"""Maps and snapshots of compressions that keep samples, sums of samples, beams or subspaces."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.compression.maps import growth_of, tone_growth
from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap, along

POINTS = 65


@lru_cache(maxsize=256)
def decimation(length: int, factor: int) -> ModeMap:
    """Every `factor`-th sample, the first one among them."""
    return ModeMap(length) if factor == 1 else ModeMap(length, np.eye(length, dtype=complex)[::factor], factor)


@lru_cache(maxsize=256)
def averages(length: int, factor: int) -> ModeMap:
    """Sums over whole blocks, over the root of their length."""
    if factor == 1:
        return ModeMap(length)
    kept = length // factor
    matrix = np.zeros((kept, length), complex)
    matrix[:, : kept * factor] = np.kron(np.eye(kept), np.full(factor, factor**-0.5))
    return ModeMap(length, matrix, factor)


@lru_cache(maxsize=256)
def beams(length: int, view: Interval, spare: int) -> ModeMap:
    """Beams from `spare` below the field of view to `spare` above it; all samples where that is no fewer."""
    first, last = math.floor(view[0] * length + 1e-9) - spare, math.ceil(view[1] * length - 1e-9) + spare
    if last - first + 1 >= length:
        return ModeMap(length)
    places = np.arange(length) - (length - 1) / 2.0
    matrix = np.exp(-2j * np.pi * np.arange(first, last + 1)[:, None] * places / length) / np.sqrt(length)
    return ModeMap(length, matrix, None)


def joint_growth(maps: Sequence[ModeMap], views: Sequence[Interval]) -> tuple[float, ...]:
    """The root of a lone target's bound over that in all samples, for each mode, at worst over all fields of view.

    A mode's own information counts, and the energy that the other modes leave of the target.
    """
    lost = [_energy_lost(one, view) for one, view in zip(maps, views, strict=True)]
    pairs = enumerate(zip(maps, views, strict=True))
    return tuple(growth_of(one, view) * math.prod(lost[:axis] + lost[axis + 1 :]) for axis, (one, view) in pairs)


def _energy_lost(one: ModeMap, view: Interval) -> float:
    """The root of a tone's energy over what is left of it, at worst."""
    if one.matrix is None:
        return 1.0
    power = np.sum(np.abs(one.respond(np.linspace(*view, POINTS)).values) ** 2, axis=0)
    return float(np.sqrt(one.length / power.min()))


def polyphases(tensor: np.ndarray, factors: Sequence[int]) -> Compressed:
    """Blocks of each mode turned into snapshots; an unfinished block at the end of a mode is left out."""
    modes = len(factors)
    kept = [length // factor for length, factor in zip(tensor.shape, factors, strict=True)]
    whole = tensor[tuple(slice(count * factor) for count, factor in zip(kept, factors, strict=True))]
    apart = whole.reshape([size for pair in zip(kept, factors, strict=True) for size in pair])
    order = (*range(0, 2 * modes, 2), *range(1, 2 * modes, 2))
    small = apart.transpose(order).astype(np.complex128).reshape(*kept, -1)
    sizes = zip(tensor.shape, kept, factors, strict=True)
    return Compressed(small, tuple(_first(length, count, factor) for length, count, factor in sizes))


def subarrays(tensor: np.ndarray, factors: Sequence[int]) -> Compressed:
    """All shifts of sub-arrays, as many of each mode as its factor says."""
    kept = [length - factor + 1 for length, factor in zip(tensor.shape, factors, strict=True)]
    shifts = product(*(range(factor) for factor in factors))
    views = [tensor[tuple(slice(at, at + size) for at, size in zip(shift, kept, strict=True))] for shift in shifts]
    sizes = zip(tensor.shape, kept, strict=True)
    maps = tuple(_first(length, count, 1) for length, count in sizes)
    return Compressed(np.stack(views, axis=-1).astype(np.complex128), maps)


@lru_cache(maxsize=256)
def _first(length: int, kept: int, step: int) -> ModeMap:
    """The map of the first snapshot."""
    if kept == length:
        return ModeMap(length)
    return ModeMap(length, np.eye(length, dtype=complex)[: kept * step : step], step)


def polyphase_growth(shape: Sequence[int], factors: Sequence[int]) -> tuple[float, ...]:
    """Snapshots add their information, D times D^2 k (k^2 - 1) / 12 of k samples D apart."""
    kept = [length // factor for length, factor in zip(shape, factors, strict=True)]
    lost = [math.sqrt(length / (count * factor)) for length, count, factor in zip(shape, kept, factors, strict=True)]
    own = [tone_growth(count, length) / factor**1.5 for length, count, factor in zip(shape, kept, factors, strict=True)]
    return tuple(grown * math.prod(lost[:axis] + lost[axis + 1 :]) for axis, grown in enumerate(own))


def subarray_growth(shape: Sequence[int], factors: Sequence[int]) -> tuple[float, ...]:
    """A shorter tone in each mode."""
    kept = [length - factor + 1 for length, factor in zip(shape, factors, strict=True)]
    lost = [math.sqrt(length / count) for length, count in zip(shape, kept, strict=True)]
    own = [tone_growth(count, length) for length, count in zip(shape, kept, strict=True)]
    return tuple(grown * math.prod(lost[:axis] + lost[axis + 1 :]) for axis, grown in enumerate(own))


def truncated(tensor: np.ndarray, ranks: Sequence[int]) -> Compressed:
    """The projection on leading eigenvectors of Gram matrices, mode after mode."""
    lengths = tensor.shape
    maps = [ModeMap(length) for length in lengths]
    for axis in sorted(range(len(ranks)), key=lambda axis: ranks[axis] / lengths[axis]):
        if ranks[axis] == lengths[axis]:
            continue
        rows = np.moveaxis(tensor, axis, 0).reshape(lengths[axis], -1)
        vectors = np.linalg.eigh((rows @ rows.conj().T).astype(np.complex128))[1]
        maps[axis] = ModeMap(lengths[axis], vectors[:, ::-1][:, : ranks[axis]].conj().T, None)
        matrix = maps[axis].single if tensor.dtype == np.complex64 else maps[axis].matrix
        assert matrix is not None
        tensor = along(tensor, matrix, axis)
    return Compressed(tensor.astype(np.complex128)[..., None], tuple(maps))
