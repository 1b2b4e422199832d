"""Entropy-bounded information maximisation: max I(X; T) over codes of X with H(T) <= R."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.codes import Labels, code_of, move
from semcom.coupling.coupling import Coupling
from semcom.coupling.ebrahimi2024 import ebrahimi2024
from semcom.coupling.entropy import entropy_of, shares_of
from semcom.coupling.fill import filled_maps, lumped_maps
from semcom.coupling.maps import Maps
from semcom.coupling.masses import TOTAL, Masses, check_rate, to_masses
from semcom.coupling.order import descending
from semcom.coupling.partitions import MOST_LETTERS, maps_below
from semcom.coupling.search import WIDE, nearby_maps
from semcom.coupling.split import Split, best_split

Letters = NDArray[np.int64]

SEARCH_UP_TO = 24
"""Letters up to which maps of single letters are searched; above, many are mapped together."""


def ebim(p_x: ArrayLike, rate_bits: float) -> Coupling:
    """The code T of X with H(T) <= R and nearly the greatest I(X; T); rows are X, columns T.

    A map g has I = H(g(X)), so that maps just below R are wanted: of up to 8 letters all are tried, as by `exact_code`,
    of up to 24 they are searched. Of more they are searched around those that merge the largest letters, and among
    those that keep runs of light letters together; the better is taken, or the code of `ebrahimi2024`. What is left of
    R is used up by splitting one letter, see `best_split`. So I > 0 for any R > 0, down to some 1e-13 bits, where a
    mass of 2^-50 is too much. R >= H(X) gives T = X.

    Raises UserError as `to_masses`, and for R < 0.
    """
    return code_at_rate(to_masses(p_x, "p_x"), check_rate(rate_bits))


def code_at_rate(p: Masses, rate: float) -> Coupling:
    """The code of masses and a rate that have been checked."""
    return max(codes_at_rate(p, rate), key=lambda code: code.information_bits)


def codes_at_rate(p: Masses, rate: float) -> tuple[Coupling, ...]:
    """Codes of different ways to search, each with H(T) <= R, of masses and a rate that have been checked."""
    if entropy_of(p) <= rate:
        return (code_of(p, np.arange(p.size)),)
    order = descending(p)
    sizes = p[order]
    if sizes.size <= MOST_LETTERS:
        return (best_code(p, order, maps_below(shares_of(sizes), rate), rate),)
    if sizes.size <= SEARCH_UP_TO:
        return (best_code(p, order, nearby_maps(shares_of(sizes), rate, WIDE), rate),)
    found = (best_code(p, order, maps(sizes, rate), rate) for maps in (filled_maps, lumped_maps))
    return (*found, ebrahimi2024(p, rate))


def best_code(p: Masses, order: Letters, found: Maps, rate: float) -> Coupling:
    """The best of given maps and of their splits, with H(T) <= R to the last bit; `order` is `descending(p)`."""
    whole, split = _best_map(p, order, found, rate), best_split(found, rate)
    if split is None or split.information_bits <= whole.column_entropy_bits:
        return whole
    return _split(p, order, found, rate, split) or whole


def _best_map(p: Masses, order: Letters, found: Maps, rate: float) -> Coupling:
    """The first map that keeps the rate: sums in another order may differ in their last bits."""
    for row in range(found.entropies.size):
        code = _code(p, order, found.of_letters(row))
        if code.column_entropy_bits <= rate:
            return code
    return code_of(p, np.zeros(p.size, np.int64))


def _split(p: Masses, order: Letters, found: Maps, rate: float, split: Split) -> Coupling | None:
    """The code of a split with H(T) <= R to the last bit, if there is any."""
    code = _code(p, order, found.of_letters(split.map))
    letter = int(order[found.head(split.run)])
    inside = np.flatnonzero(found.labels[split.map] == split.cell)
    cell = code.column_masses.size
    if inside.size:
        heaviest = order[found.head(int(inside[0]))]
        cell = int(code.columns[code.rows == heaviest][0])
    units = min(int(split.share * TOTAL), int(p[letter]) - 1)  # the whole letter is another map
    less = 1 + (units >> 40)
    while units > 0:
        candidate = move(code, letter, cell, units)
        if candidate.column_entropy_bits <= rate:
            return candidate
        units, less = units - less, 2 * less
    return None


def _code(p: Masses, order: Letters, labels: Labels) -> Coupling:
    by_letter = np.zeros(p.size, np.int64)
    by_letter[order] = labels
    return code_of(p, by_letter)
