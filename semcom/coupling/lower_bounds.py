"""What no coupling of two marginals can undercut: lower bounds on its entropy."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.elementary import log2
from semcom.coupling.entropy import entropy_of, shares_of, surprise
from semcom.coupling.masses import TOTAL, Masses, to_masses


class LowerBounds(NamedTuple):
    """Lower bounds on H(X, Y) over all couplings of given marginals, in bits."""

    majorisation: float
    profile: float
    majorise_profile: float
    """Never below the other two."""


def lower_bounds(p_x: ArrayLike, p_y: ArrayLike) -> LowerBounds:
    """All bounds for these marginals. O(n log n). Raises UserError as `to_masses`."""
    return bounds_of(to_masses(p_x, "p_x"), to_masses(p_y, "p_y"))


def bounds_of(p: Masses, q: Masses) -> LowerBounds:
    """All bounds for masses that have been checked."""
    return LowerBounds(majorisation(p, q), profile(p, q), majorise_profile(p, q))


def majorisation(p: Masses, q: Masses) -> float:
    """H of the greatest lower bound of p and q in the order of majorisation, in bits.

    A coupling splits the atoms of both marginals, so that its k largest atoms hold at most as much as the k largest of
    p, and of q. The greatest lower bound has the partial sums min(P_k, Q_k), majorises every coupling, and has no
    greater entropy, which is Schur-concave. [Cicalese, Gargano, Vaccaro 2019, arXiv 1901.07530]
    """
    return entropy_of(np.diff(_largest_sums(p, q), prepend=0))


def profile(p: Masses, q: Masses) -> float:
    """The mean of log2 1 / min(s_p(u), s_q(u)) over u uniform in [0, 1], in bits.

    Here s_p(u) is the size of the atom at quantile u when atoms of p lie in order of size. An atom of a coupling is no
    larger than the atoms of p and q that it lies in: mass in small atoms stays in small atoms, so that the coupling has
    s(u) <= min(s_p(u), s_q(u)). [Compton, Katz, Qi, Greenewald, Kocaoglu 2023, arXiv 2302.11838]
    """
    sizes_p, sizes_q = np.sort(p[p > 0]), np.sort(q[q > 0])
    ends_p, ends_q = sizes_p.cumsum(), sizes_q.cumsum()
    ends = np.union1d(ends_p, ends_q)
    starts = np.concatenate(([0], ends[:-1]))
    least = np.minimum(sizes_p[ends_p.searchsorted(starts, "right")], sizes_q[ends_q.searchsorted(starts, "right")])
    return float(-(shares_of(ends - starts) * log2(shares_of(least))).sum())


def majorise_profile(p: Masses, q: Masses) -> float:
    """H of the law that majorises every law of whole atoms which the profile allows, in bits. [Compton et al. 2023]

    Let G(v) be the least, over p and q, of what the atoms of at least v hold: atoms of a coupling of at least v hold no
    more. The largest partial sums come greedily: the next atom is the largest v with S + v <= G(v), where S is what the
    atoms before it hold. For if a law r meets the profile and its sums were at most S so far, then its next sum S'
    gives v = S' - S <= r_k with S' <= G(r_k) <= G(v): no more than the greedy choice. The sums obey majorisation by
    themselves: if more than k atoms of p are at least r_k, the k-th is, and else the k largest hold G(r_k) or more.
    """
    masses, counts = _greatest_law(*_levels(p, q))
    return float((counts * surprise(shares_of(masses))).sum())


def _largest_sums(p: Masses, q: Masses) -> Masses:
    """The least over p and q of the sum of the k largest atoms, for k from 1, `[k]`."""
    length = max(p.size, q.size)
    sums = np.full((2, length), TOTAL, np.int64)
    for row, masses in zip(sums, (p, q), strict=True):
        row[: masses.size] = np.sort(masses)[::-1].cumsum()
    least: Masses = sums.min(axis=0)
    return least


def _levels(p: Masses, q: Masses) -> tuple[Masses, Masses]:
    """Sizes of atoms in descending order and G at each of them, `[level]`."""
    levels = np.unique(np.concatenate((p[p > 0], q[q > 0])))
    held = []
    for masses in (p, q):
        ascending = np.sort(masses)
        below = np.concatenate(([0], ascending.cumsum()))
        held.append(TOTAL - below[ascending.searchsorted(levels, "left")])
    return levels[::-1], np.minimum(*held)[::-1]


def _greatest_law(levels: Masses, held: Masses) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Atoms of the greatest law under the profile G, and how often each stands."""
    masses, counts, sum_so_far = [], [], 0
    for level, room, lower in zip(levels.tolist(), held.tolist(), [*levels[1:].tolist(), 0], strict=True):
        count, rest = divmod(room - sum_so_far, level)
        if count:
            masses.append(level)
            counts.append(count)
            sum_so_far += level * count
        if rest > lower:
            masses.append(rest)
            counts.append(1)
            sum_so_far += rest
    return np.asarray(masses, np.int64), np.asarray(counts, np.int64)
