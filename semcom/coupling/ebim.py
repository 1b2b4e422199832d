"""Entropy-bounded information maximisation: max I(X; T) over codes of X with H(T) <= R."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.codes import Labels, code_of, move
from semcom.coupling.coupling import Coupling
from semcom.coupling.entropy import entropy_bits, shares_of
from semcom.coupling.fill import filled_maps
from semcom.coupling.maps import Maps
from semcom.coupling.masses import TOTAL, Masses, check_rate, to_masses
from semcom.coupling.order import descending
from semcom.coupling.partitions import MOST_LETTERS, maps_below
from semcom.coupling.search import WIDE, nearby_maps
from semcom.coupling.split import best_split

Letters = NDArray[np.int64]

SEARCH_UP_TO = 24
"""Letters up to which maps are searched; above, letters are so light that filling comes near enough."""
MAPS_SPLIT = 64
"""How many of all maps, the nearest below the rate, are split."""


def ebim(p_x: ArrayLike, rate_bits: float) -> Coupling:
    """The code T of X with H(T) <= R and nearly the greatest I(X; T); rows are X, columns T.

    A map g has I = H(g(X)), so that maps just below R are wanted: of up to 8 letters all are tried and the nearest 64
    are split (`exact_code` splits all, and may say 0.02 bit more), of up to 24 they are searched, of more they are
    searched around those that merge the largest letters. What is left of R is used up by splitting one letter, see
    `best_split`. So I > 0 for any R > 0, down to some 1e-13 bits, where a mass of 2^-50 is too much. R >= H(X) gives
    T = X.

    Raises UserError as `to_masses`, and for R < 0.
    """
    return code_at_rate(to_masses(p_x, "p_x"), check_rate(rate_bits))


def code_at_rate(p: Masses, rate: float) -> Coupling:
    """The code of masses and a rate that have been checked."""
    if entropy_bits(p) <= rate:
        return code_of(p, np.arange(p.size))
    order = descending(p)
    return best_code(p, order, _maps(p[order], rate), rate)


def best_code(p: Masses, order: Letters, found: Maps, rate: float) -> Coupling:
    """The best of given maps and of their splits, with H(T) <= R to the last bit; `order` is `descending(p)`."""
    code = _split(p, order, found, rate)
    if code is not None:
        return code
    for row in range(found.entropies.size):
        code = _code(p, order, found.unbound(row, order.size))
        if code.column_entropy_bits <= rate:  # sums in another order may differ in their last bits
            return code
    return code_of(p, np.zeros(p.size, np.int64))


def _maps(sizes: Masses, rate: float) -> Maps:
    if sizes.size <= MOST_LETTERS:
        return maps_below(shares_of(sizes), rate, MAPS_SPLIT)
    if sizes.size <= SEARCH_UP_TO:
        return nearby_maps(shares_of(sizes), rate, WIDE)
    return filled_maps(sizes, rate)


def _split(p: Masses, order: Letters, found: Maps, rate: float) -> Coupling | None:
    """The best split of the maps if it is better than the best map, with H(T) <= R to the last bit."""
    split = best_split(found, rate)
    if split is None or split.information_bits <= found.entropies[0]:
        return None
    code = _code(p, order, found.unbound(split.map, order.size))
    letter = int(order[split.letter + found.bound - 1])
    inside = np.flatnonzero(found.labels[split.map] == split.cell)
    cell = code.column_masses.size
    if inside.size:
        heaviest = order[int(inside[0]) + found.bound - 1]
        cell = int(code.columns[code.rows == heaviest][0])
    units = min(int(split.share * TOTAL), int(p[letter]) - 1)  # the whole letter is another map
    while units > 0:
        candidate = move(code, letter, cell, units)
        if candidate.column_entropy_bits <= rate:
            return candidate
        units -= 1 + (units >> 40)
    return None


def _code(p: Masses, order: Letters, labels: Labels) -> Coupling:
    by_letter = np.zeros(p.size, np.int64)
    by_letter[order] = labels
    return code_of(p, by_letter)
