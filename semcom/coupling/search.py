"""Maps searched for an entropy just below the rate."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from semcom.coupling.codes import Labels
from semcom.coupling.entropy import surprise
from semcom.coupling.maps import Maps
from semcom.coupling.masses import Floats


class Breadth(NamedTuple):
    """How far is searched."""

    rounds: int
    kept: int
    """Maps on either side of R."""


WIDE, NARROW = Breadth(4, 16), Breadth(3, 6)


class Pool(NamedTuple):
    """Maps, the masses of their cells and their entropies."""

    labels: Labels
    """`[map, letter]`."""
    cells: Floats
    """`[map, cell]`: as many cells as letters, some of them empty."""
    entropies: Floats
    """`[map]`, in bits."""


def nearby_maps(shares: Floats, rate: float, breadth: Breadth) -> Maps:
    """Maps with H <= R, those nearest to it first.

    A local search: of the maps that merge the k largest or the k smallest letters, then of all that differ from those
    kept by the cell of one letter, the nearest to R on either side are kept, a few times over. Letters come in
    descending order. Their shares may sum to less than 1: H is the sum of -c log2 c over cells c.
    """
    pool = _nearest(_beginning(shares), rate, breadth.kept)
    for _ in range(breadth.rounds):
        pool = _nearest(_neighbours(pool, shares, rate, breadth.kept), rate, breadth.kept)
    below = np.flatnonzero(pool.entropies <= rate)
    nearest = below[np.argsort(rate - pool.entropies[below], kind="stable")]
    labels = _renumbered(pool.labels[nearest])
    return Maps(shares, labels, pool.entropies[nearest], np.arange(shares.size), shares)


def _beginning(shares: Floats) -> Pool:
    """The maps that merge the k largest letters, and those that merge the k smallest."""
    letters = np.arange(shares.size)
    largest = np.maximum(letters - letters[:, None], 0)
    smallest = np.minimum(letters, letters[:, None])
    return _pool(np.concatenate((largest, smallest)), shares)


def _pool(labels: Labels, shares: Floats) -> Pool:
    count, letters = labels.shape
    flat = (labels + letters * np.arange(count)[:, None]).ravel()
    sums = np.bincount(flat, np.tile(shares, count), count * letters)
    cells = sums.astype(np.float64, copy=False).reshape(count, letters)
    return Pool(labels, cells, surprise(cells).sum(axis=1))


def _neighbours(pool: Pool, shares: Floats, rate: float, count: int) -> Pool:
    """The maps themselves and the nearest to R of those with one letter moved."""
    labels, cells, entropies = pool
    own = np.take_along_axis(cells, labels, axis=1)
    left = surprise(np.maximum(own - shares, 0.0)) - surprise(own)
    added = surprise(np.minimum(cells[:, None, :] + shares[:, None], 1.0)) - surprise(cells)[:, None, :]
    after = entropies[:, None, None] + left[:, :, None] + added
    after[_idle(labels, cells)] = np.inf
    chosen = _places(after.ravel(), rate, count)
    which, letter, cell = np.unravel_index(chosen, after.shape)
    moved = labels[which]
    moved[np.arange(chosen.size), letter] = cell
    return _pool(np.concatenate((labels, moved)), shares)


def _idle(labels: Labels, cells: Floats) -> NDArray[np.bool_]:
    """Moves that change nothing, or take another empty cell than the first: `[map, letter, cell]`."""
    empty = cells <= 0.0
    later = empty & (np.cumsum(empty, axis=1) > 1)
    idle: NDArray[np.bool_] = np.arange(labels.shape[1]) == labels[:, :, None]
    idle |= later[:, None, :]
    return idle


def _nearest(pool: Pool, rate: float, count: int) -> Pool:
    places = _places(pool.entropies, rate, count)
    return Pool(pool.labels[places], pool.cells[places], pool.entropies[places])


def _places(entropies: Floats, rate: float, count: int) -> NDArray[np.int64]:
    """Where, on either side of R, the nearest entropies stand that differ; the first of equal ones."""
    chosen = []
    for distance in (rate - entropies, entropies - rate):
        inside = np.flatnonzero((distance >= 0.0) & np.isfinite(distance))
        _, first = np.unique(np.round(distance[inside], 12), return_index=True)
        chosen.append(inside[first[:count]])
    return np.concatenate(chosen)


def _renumbered(labels: Labels) -> Labels:
    """The same maps with labels 0, 1, ... without gaps."""
    return np.array([np.unique(row, return_inverse=True)[1] for row in labels])
