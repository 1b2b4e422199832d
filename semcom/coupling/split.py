"""Codes near a map: one letter is split between two cells to use the rate up."""

from typing import NamedTuple

import numpy as np

from semcom.coupling.codes import Labels
from semcom.coupling.elementary import log2
from semcom.coupling.entropy import surprise
from semcom.coupling.maps import Maps
from semcom.coupling.masses import Floats

STEPS, MOST_STEPS = 6, 60
"""Of Newton's method: to choose a split, and to finish the one that is chosen."""
ROUNDING = 1e-15
"""Bits that remain of the rate when the steps end."""
SUMS = 1e-12
"""Bits by which sums of many entropies may err: a move that lacks so little is not left out."""


class Split(NamedTuple):
    """So much of a letter goes to another cell; cell k of k cells is a new one."""

    map: int
    run: int
    """Whose heaviest letter it is."""
    cell: int
    share: float
    information_bits: float


class Moves(NamedTuple):
    """Ways to move mass from a cell of two letters or more to a lighter one, `[move]` each."""

    maps: Labels
    cells: Labels
    others: Labels
    begin: Floats
    """The mass of the cell."""
    end: Floats
    """That of the other."""
    lacking: Floats
    """R - H(g(X))."""


def best_split(found: Maps, rate: float) -> Split | None:
    """The split of one letter of one of these maps that has H(T) = R and the greatest I(X; T), if there is any.

    Moving e of letter x (of probability p) from its cell of mass a to one of mass b, perhaps 0, raises H(T) by
    f(e) = s(a - e) + s(b + e) - s(a) - s(b), s(u) = -u log2 u, and costs H(T | X) = p h(e / p). The cost grows with p,
    so that x is the lightest letter of its cell with p >= e; of a run of letters, its heaviest. A letter alone in its
    cell gains nothing.

    The new cell is what [Ebrahimi, Chen, Khisti 2024, arXiv 2410.21666, Theorem 3] proves optimal for R just above the
    entropy of a map; the theorem's other side, R just below it, is met from the map at the split's other end, in which
    the whole letter has moved.
    """
    moves = _moves(found, rate)
    if not moves.maps.size:
        return None
    moved = _solve(moves)
    fits = (found.labels[moves.maps] == moves.cells[:, None]) & (found.heads >= moved[:, None])
    possible = fits.any(axis=1)
    if not possible.any():
        return None
    runs = found.heads.size - 1 - np.argmax(fits[:, ::-1], axis=1)
    whole = np.where(possible, found.heads[runs], 1.0)
    part = np.where(possible, moved, 0.5)
    cost = surprise(part) + surprise(whole - part) - surprise(whole)
    information = np.where(possible, found.entropies[moves.maps] + moves.lacking - cost, -np.inf)
    best = int(np.argmax(information))
    chosen = _at(moves, np.array([best]))
    share = float(_newton(chosen, moved[best : best + 1], MOST_STEPS)[0])
    return Split(int(chosen.maps[0]), int(runs[best]), int(chosen.others[0]), share, float(information[best]))


def _moves(found: Maps, rate: float) -> Moves:
    """The moves by which H(T) can reach R; the last of the cells is new."""
    count, letters = found.labels.shape
    flat = (found.labels + (letters + 1) * np.arange(count)[:, None]).ravel()
    length = count * (letters + 1)
    masses = np.bincount(flat, np.tile(found.shares, count), length).astype(np.float64, copy=False).reshape(count, -1)
    members = np.bincount(flat, minlength=length).reshape(count, -1)
    known = np.arange(letters + 1) <= found.labels.max(axis=1)[:, None] + 1
    able = (members > 1)[:, :, None] & known[:, None, :] & (masses[:, None, :] < masses[:, :, None])
    maps, cells, others = (axis.astype(np.int64, copy=False) for axis in np.nonzero(able))
    begin, end, lacking = masses[maps, cells], masses[maps, others], rate - found.entropies[maps]
    reach = np.flatnonzero((lacking > 0.0) & (_gain(begin, end, 0.5 * (begin - end)) >= lacking - SUMS))
    return _at(Moves(maps, cells, others, begin, end, lacking), reach)


def _at(moves: Moves, places: Labels) -> Moves:
    maps, cells, others, begin, end, lacking = moves
    return Moves(maps[places], cells[places], others[places], begin[places], end[places], lacking[places])


def _gain(begin: Floats, end: Floats, moved: Floats) -> Floats:
    return surprise(begin - moved) + surprise(end + moved) - surprise(begin) - surprise(end)


def _solve(moves: Moves) -> Floats:
    """The least e with f(e) = d: Newton's method from the left, where f is concave and the steps stay left of the root.

    It begins at d^2 / 4a for a new cell, since a h(e / a) <= 2 sqrt(a e), else at d / f'(0).
    """
    begin, end, lacking = moves.begin, moves.end, moves.lacking
    old = end > 0.0
    slope = log2(begin / np.where(old, end, 0.5 * begin))
    moved = np.where(old, lacking / slope, lacking * lacking / (4.0 * begin))
    return _newton(moves, moved, STEPS)


def _newton(moves: Moves, moved: Floats, steps: int) -> Floats:
    begin, end = moves.begin, moves.end
    base = surprise(begin) + surprise(end)
    for _ in range(steps):
        left, right = begin - moved, end + moved
        log_left, log_right = log2(np.stack((left, right)))
        short = moves.lacking + base + left * log_left + right * log_right
        if short.max() <= ROUNDING:
            break
        moved = moved + np.maximum(short, 0.0) / np.maximum(log_left - log_right, 1e-300)
        moved = np.minimum(moved, 0.5 * (begin - end))
    return moved
