"""The coupling of least entropy, by branch and bound."""

from bisect import insort
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.best import best
from semcom.coupling.coupling import Coupling
from semcom.coupling.entropy import shares_of, surprise
from semcom.coupling.masses import TOTAL, Masses, to_masses
from semcom.errors import UserError

MOST_LETTERS = 12
"""Of both marginals together: 6 by 6."""
SLACK = 1e-12
"""Bits by which a coupling must be better to be worth a branch."""

Left = tuple[int, ...]
"""What is left of the letters of one marginal, ascending, without zeros."""
Step = tuple[int, int]
"""Masses of a row and a column that meet: the lesser of both goes to their cell."""


def couple_exactly(p_x: ArrayLike, p_y: ArrayLike) -> Coupling:
    """A coupling of the least entropy, to within 1e-12 bit, of marginals with at most 12 letters in all.

    Entropy is concave, so that a vertex of the couplings is best: its cells form a forest, of which some leaf is a
    whole row or column. Hence every vertex comes from steps that give min(a, b) to the cell of some row and column, and
    the search branches over all pairs; what is left of both marginals is met once only, and left alone when its cells
    and the majorise-profile bound of the rest exceed the best coupling known. [vertices as in Kovacevic, Stanojevic,
    Senk 2015; exact search as in Compton et al. 2023, arXiv 2302.11838]

    Raises UserError as `to_masses`, and for more letters.
    """
    p, q = to_masses(p_x, "p_x"), to_masses(p_y, "p_y")
    letters = int(np.count_nonzero(p) + np.count_nonzero(q))
    if letters > MOST_LETTERS:
        raise UserError(
            f"p_x and p_y have {letters} letters with mass; expected at most {MOST_LETTERS} in all. "
            "Take couple_best, whose gap_bits says how far from the least it can be."
        )
    start = best(p, q)
    steps = _Search(start.entropy_bits).run(_left(p), _left(q))
    return start if steps is None else _replayed(p, q, steps)


class _Search:
    """Branch and bound over what is left of both marginals."""

    def __init__(self, known_bits: float) -> None:
        self.least = known_bits - SLACK
        self.steps: list[Step] | None = None
        self.met: dict[tuple[Left, Left], float] = {}
        self.surprises: dict[int, float] = {}

    def run(self, rows: Left, columns: Left) -> list[Step] | None:
        """The steps to a coupling better than the one known, None if there is none."""
        self._branch(rows, columns, 0.0, [])
        return self.steps

    def _branch(self, rows: Left, columns: Left, bits: float, steps: list[Step]) -> None:
        if len(rows) == 1 or len(columns) == 1:
            self._finish(rows, columns, bits, steps)
            return
        if bits >= self.met.get((rows, columns), np.inf) or bits + self._bound(rows, columns) >= self.least:
            return
        self.met[rows, columns] = bits
        pairs = [(a, b) for a, _ in groupby(rows) for b, _ in groupby(columns)]
        for a, b in sorted(pairs, key=_unlikeness):
            cell = self._surprise(min(a, b))
            self._branch(_without(rows, a, b), _without(columns, b, a), bits + cell, [*steps, (a, b)])

    def _finish(self, rows: Left, columns: Left, bits: float, steps: list[Step]) -> None:
        """One row or one column is left: it takes all of the other side."""
        many = columns if len(rows) == 1 else rows
        bits += sum(map(self._surprise, many))
        if bits < self.least:
            self.least = bits
            rest, last = sum(many), []
            for mass in many:
                last.append((rest, mass) if many is columns else (mass, rest))
                rest -= mass
            self.steps = steps + last

    def _bound(self, rows: Left, columns: Left) -> float:
        """The majorise-profile bound on the cells of what is left, see `lower_bounds`; here for a few letters."""
        bits, held = 0.0, 0
        levels = sorted({*rows, *columns}, reverse=True)
        for level, lower in zip(levels, [*levels[1:], 0], strict=True):
            room = min(sum(mass for mass in side if mass >= level) for side in (rows, columns))
            count, rest = divmod(room - held, level)
            bits += count * self._surprise(level)
            held += count * level
            if rest > lower:
                bits += self._surprise(rest)
                held += rest
        return bits

    def _surprise(self, mass: int) -> float:
        bits = self.surprises.get(mass)
        if bits is None:
            bits = float(surprise(shares_of(np.array([mass])))[0])
            self.surprises[mass] = bits
        return bits


def _unlikeness(pair: Step) -> float:
    return max(pair) / min(pair)


def _left(masses: Masses) -> Left:
    return tuple(sorted(mass for mass in masses.tolist() if mass))


def _without(left: Left, mass: int, other: int) -> Left:
    """What is left when the letter of a mass meets one of another mass."""
    kept = list(left)
    kept.remove(mass)
    if mass > other:
        insort(kept, mass - other)
    return tuple(kept)


def _replayed(p: Masses, q: Masses, steps: list[Step]) -> Coupling:
    """The coupling of steps, each for the first letters with those masses."""
    rows, columns = p.tolist(), q.tolist()
    cells: dict[tuple[int, int], int] = {}
    for a, b in steps:
        i, j = rows.index(a), columns.index(b)
        mass = min(a, b)
        rows[i] -= mass
        columns[j] -= mass
        cells[i, j] = cells.get((i, j), 0) + mass
    assert sum(cells.values()) == TOTAL
    places = np.array(list(cells), np.int64)
    return Coupling(places[:, 0], places[:, 1], np.array(list(cells.values()), np.int64), p, q)
