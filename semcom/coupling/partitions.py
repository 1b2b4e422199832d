"""All maps of few letters, and their entropies."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from semcom.coupling.codes import Labels
from semcom.coupling.entropy import surprise
from semcom.coupling.maps import Maps
from semcom.coupling.masses import Floats

MOST_LETTERS = 8
"""Up to which all maps are tried: Bell(8) = 4140."""


def partition_entropies(shares: Floats) -> Floats:
    """H(g(X)) of every map g of n <= 8 letters, `[map]` float64 in bits, in the order of `partitions`.

    Cells are subsets: their 2^n entropies are computed once and added up.
    """
    sums = np.zeros(1)
    for share in shares:
        sums = np.concatenate((sums, sums + share))
    entropies: Floats = surprise(sums)[_subsets(shares.size)].sum(axis=1)
    return entropies


def maps_below(shares: Floats, rate: float) -> Maps:
    """All maps with H <= R of n <= 8 letters, those nearest to R first; letters in descending order."""
    entropies = partition_entropies(shares)
    below = np.flatnonzero(entropies <= rate)
    nearest = below[np.argsort(-entropies[below], kind="stable")]
    return Maps(shares, partitions(shares.size)[nearest], entropies[nearest], np.arange(shares.size), shares)


@lru_cache(maxsize=16)
def partitions(letters: int) -> Labels:
    """The labels of every map, `[map, letter]` int64; letter 0 has label 0, and a new label is the next number."""
    rows = [[0]]
    for _ in range(letters - 1):
        rows = [[*row, label] for row in rows for label in range(max(row) + 2)]
    table = np.asarray(rows)
    table.setflags(write=False)
    return table


@lru_cache(maxsize=16)
def _subsets(letters: int) -> NDArray[np.int64]:
    """The cells of every map as bits of letters, `[map, cell]`; 0 for no cell."""
    labels = partitions(letters)
    cells = np.arange(letters)[None, :, None] == labels[:, None, :]
    table: NDArray[np.int64] = (cells << np.arange(letters)).sum(axis=2)
    table.setflags(write=False)
    return table
