"""Maps of many letters with an entropy just below the rate."""

import numpy as np

from semcom.coupling.codes import cell_masses
from semcom.coupling.ebrahimi2024 import merged_entropies
from semcom.coupling.entropy import shares_of, surprise
from semcom.coupling.maps import Maps
from semcom.coupling.masses import Masses
from semcom.coupling.search import NARROW, nearby_maps

INSIDE, OUTSIDE = 5, 9
"""Letters of the large cell and beside it that are searched."""
HEAVIEST, HALVINGS = 14, 8
"""Letters and runs of letters that are searched."""


def filled_maps(sizes: Masses, rate: float) -> Maps:
    """Maps with H <= R, those nearest to it first, of letters in descending order; for laws of light letters.

    The fewest of the largest letters are merged that bring H to R or below (the maps of `ebrahimi2024`). Then maps are
    searched (`nearby_maps`) of what is left of this cell, its lightest letters and the next ones beside it, each as
    heavy as what the entropy lacks or so; all others stay alone.
    """
    merged = int(np.argmax(merged_entropies(sizes) <= rate)) + 1
    begin, end = max(merged - INSIDE, 1), min(merged + OUTSIDE, sizes.size)
    shares = shares_of(np.concatenate((sizes[:begin].sum(keepdims=True), sizes[begin:end])))
    alone = float(surprise(shares_of(sizes[end:])).sum())
    found = nearby_maps(shares, rate - alone, NARROW)
    runs, heads = np.maximum(np.arange(sizes.size) - begin + 1, 0), shares.copy()
    heads[0] = shares_of(sizes[0])
    return found._replace(entropies=found.entropies + alone, runs=runs, heads=heads)


def lumped_maps(sizes: Masses, rate: float) -> Maps:
    """Maps with H <= R, those nearest to it first, of letters in descending order; for some heavy ones and a tail.

    The heaviest letters are searched one by one, the others in runs, of which each has half of the mass that is left.
    """
    tail = sizes[HEAVIEST:]
    ends = int(tail.sum()) - (int(tail.sum()) >> np.arange(1, HALVINGS))
    halving = ends.searchsorted(tail.cumsum() - tail, "right")
    runs = np.concatenate((np.arange(HEAVIEST), HEAVIEST + np.unique(halving, return_inverse=True)[1]))
    shares = shares_of(cell_masses(runs, sizes))
    heads = shares_of(sizes[np.unique(runs, return_index=True)[1]])
    return nearby_maps(shares, rate, NARROW)._replace(runs=runs, heads=heads)
