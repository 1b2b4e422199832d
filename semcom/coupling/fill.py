"""Maps of many letters with an entropy just below the rate."""

import numpy as np

from semcom.coupling.ebrahimi2024 import merged_entropies
from semcom.coupling.entropy import shares_of, surprise
from semcom.coupling.maps import Maps
from semcom.coupling.masses import Masses
from semcom.coupling.search import NARROW, nearby_maps

INSIDE, OUTSIDE = 5, 9
"""Letters of the large cell and beside it that are searched."""


def filled_maps(sizes: Masses, rate: float) -> Maps:
    """Maps with H <= R, those nearest to it first, of letters in descending order.

    The fewest of the largest letters are merged that bring H to R or below (the maps of `ebrahimi2024`). Then maps are
    searched (`nearby_maps`) of what is left of this cell, its lightest letters and the next ones beside it, each as
    heavy as what the entropy lacks or so; all others stay alone.
    """
    merged = int(np.argmax(merged_entropies(sizes) <= rate)) + 1
    begin, end = max(merged - INSIDE, 1), min(merged + OUTSIDE, sizes.size)
    shares = shares_of(np.concatenate((sizes[:begin].sum(keepdims=True), sizes[begin:end])))
    alone = float(surprise(shares_of(sizes[end:])).sum())
    found = nearby_maps(shares, rate - alone, NARROW)
    return found._replace(entropies=found.entropies + alone, bound=begin)
