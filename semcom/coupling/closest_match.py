"""The closest-match coupling: again and again the two masses that are nearest to each other."""

from bisect import insort
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.coupling import Coupling
from semcom.coupling.masses import Masses, to_masses

Atom = tuple[int, int, int]
"""What remains of a letter: its mass, its side (0 for X, 1 for Y) and the letter."""


def couple_closest(p_x: ArrayLike, p_y: ArrayLike) -> Coupling:
    """The coupling that zeroes: each step takes the pair with the least |a - b| / min(a, b) and gives it min(a, b).

    Slower than the greedy coupling, often better for a few letters, with no guarantee. The nearest pair stands side by
    side when all remaining masses lie in order, so a step is one walk along them: O((n + m)^2). Of equally near pairs
    the lightest is taken. [zero-seeking, as in Ebrahimi, Chen, Khisti 2024, arXiv 2410.21666]

    Raises UserError as `to_masses`.
    """
    return closest_match(to_masses(p_x, "p_x"), to_masses(p_y, "p_y"))


def closest_match(p: Masses, q: Masses) -> Coupling:
    """The closest-match coupling of masses that have been checked."""
    atoms: list[Atom] = sorted(
        (mass, side, letter)
        for side, masses in enumerate((p.tolist(), q.tolist()))
        for letter, mass in enumerate(masses)
        if mass
    )
    entries = []
    while atoms:
        at = _nearest(atoms)
        (mass, side, letter), (other_mass, _, other) = atoms[at], atoms[at + 1]
        del atoms[at : at + 2]
        entries.append((letter, other, mass) if side == 0 else (other, letter, mass))
        if other_mass > mass:
            insort(atoms, (other_mass - mass, 1 - side, other))
    rows, columns, masses = np.asarray(entries, np.int64).T
    return Coupling(rows, columns, masses, p, q)


def _nearest(atoms: list[Atom]) -> int:
    """The place of the lighter of the nearest two atoms of different sides; the heavier stands after it."""
    least, place = float("inf"), 0
    for at, (low, high) in enumerate(pairwise(atoms)):
        if low[1] != high[1]:
            ratio = high[0] / low[0]
            if ratio < least:
                least, place = ratio, at
    return place
