"""The closest-match coupling: again and again the two masses that are nearest to each other."""

from bisect import bisect_left, insort
from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.coupling import Coupling
from semcom.coupling.masses import Masses, to_masses

Atom = tuple[int, int, int]
"""What remains of a letter: its mass, its side (0 for X, 1 for Y) and the letter."""
Pair = tuple[float, Atom, Atom]
"""The ratio of two masses, the lighter and the heavier atom."""
BLOCK = 512
NOTHING: Atom = (0, -1, -1)


def couple_closest(p_x: ArrayLike, p_y: ArrayLike) -> Coupling:
    """The coupling that zeroes: each step takes the pair with the least |a - b| / min(a, b) and gives it min(a, b).

    At most n + m - 1 entries. Slower than the greedy coupling, and mostly better, with no guarantee. When what remains
    lies in order, the nearest pair stands side by side: a heap of such pairs takes O(n log n), and some block moves.
    Of equally near pairs the lightest is taken. [zero-seeking, as in Ebrahimi, Chen, Khisti 2024, arXiv 2410.21666]

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
    left, row, alive = [pair for low, high in pairwise(atoms) for pair in _pairs(low, high)], _Row(atoms), set(atoms)
    heapify(left)
    entries = []
    while left:
        _, low, high = heappop(left)
        if low not in alive or high not in alive:
            continue
        (mass, side, letter), (other_mass, _, other) = low, high
        entries.append((letter, other, mass) if side == 0 else (other, letter, mass))
        for atom in (low, high):
            alive.remove(atom)
            for pair in _pairs(*row.remove(atom)):
                heappush(left, pair)
        if other_mass > mass:
            rest = (other_mass - mass, 1 - side, other)
            alive.add(rest)
            before, after = row.insert(rest)
            for pair in (*_pairs(before, rest), *_pairs(rest, after)):
                heappush(left, pair)
    rows, columns, masses = np.asarray(entries, np.int64).T
    return Coupling(rows, columns, masses, p, q)


def _pairs(low: Atom, high: Atom) -> tuple[Pair, ...]:
    """The pair of neighbours if they are of different sides."""
    return ((high[0] / low[0], low, high),) if low[1] + high[1] == 1 and low[1] >= 0 <= high[1] else ()


class _Row:
    """Atoms in order, in blocks, so that inserting moves few of them."""

    def __init__(self, atoms: list[Atom]) -> None:
        self.blocks = [atoms[begin : begin + BLOCK] for begin in range(0, len(atoms), BLOCK)]

    def insert(self, atom: Atom) -> tuple[Atom, Atom]:
        """Puts an atom in its place; returns its neighbours, NOTHING at an end."""
        if not self.blocks:
            self.blocks = [[atom]]
            return NOTHING, NOTHING
        at = min(bisect_left(self.blocks, atom, key=_end), len(self.blocks) - 1)
        block = self.blocks[at]
        insort(block, atom)
        around = self._around(at, atom)
        if len(block) > 2 * BLOCK:
            self.blocks[at : at + 1] = [block[:BLOCK], block[BLOCK:]]
        return around

    def remove(self, atom: Atom) -> tuple[Atom, Atom]:
        """Takes an atom out; returns what were its neighbours, NOTHING at an end."""
        at = bisect_left(self.blocks, atom, key=_end)
        around = self._around(at, atom)
        block = self.blocks[at]
        del block[bisect_left(block, atom)]
        if not block:
            del self.blocks[at]
        return around

    def _around(self, at: int, atom: Atom) -> tuple[Atom, Atom]:
        block = self.blocks[at]
        place = bisect_left(block, atom)
        before, after = NOTHING, NOTHING
        if place > 0:
            before = block[place - 1]
        elif at > 0:
            before = self.blocks[at - 1][-1]
        if place + 1 < len(block):
            after = block[place + 1]
        elif at + 1 < len(self.blocks):
            after = self.blocks[at + 1][0]
        return before, after


def _end(block: list[Atom]) -> Atom:
    return block[-1]
