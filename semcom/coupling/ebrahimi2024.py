"""Entropy-bounded information maximisation by merging the largest atoms. [Ebrahimi, Chen, Khisti 2024]"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.codes import Labels, code_of
from semcom.coupling.coupling import Coupling
from semcom.coupling.entropy import entropy_of, shares_of, surprise
from semcom.coupling.masses import Floats, Masses, check_rate, to_masses
from semcom.coupling.order import descending

ROUNDING = 1e-9  # bits, within which a cumulative sum has the entropy


def ebrahimi2024(p_x: ArrayLike, rate_bits: float) -> Coupling:
    """A code T = g(X) with H(T) <= R and much I(X; T) = H(T). [Ebrahimi et al. 2024, arXiv 2410.21666, Algorithm 1]

    Starting from T = X: if H(T) <= R after merging the two smallest atoms, that is the code; else the two largest
    are merged, and if then H(T) <= R, that is the code; and so on. It is at most h(p_2) from the optimum, p_2 the
    second largest atom. Since what was merged stays the largest atom, all codes on the way are the merged k largest;
    their entropies come from one sort and one cumulative sum: O(n log n).

    Rows are X, columns T. Raises UserError as `to_masses`, and for R < 0.
    """
    p, rate = to_masses(p_x, "p_x"), check_rate(rate_bits)
    order = descending(p)
    merged = merged_entropies(p[order])
    if merged[0] <= rate + ROUNDING and entropy_of(p) <= rate:
        return code_of(p, np.arange(p.size))
    pair = _with_smallest_pair(p[order], merged)
    for k in range(int(np.argmax(np.minimum(pair, merged) <= rate)), order.size):
        for labels in _codes(order, k, p.size):
            code = code_of(p, labels)
            if code.column_entropy_bits <= rate:  # the cumulative sum may err in its last bits
                return code
    return code_of(p, np.zeros(p.size, np.int64))


def merged_entropies(sizes: Masses) -> Floats:
    """H after merging the k + 1 largest of atoms in descending order, `[k]` float64 in bits."""
    own = surprise(shares_of(sizes))
    rest = np.concatenate((own[:0:-1].cumsum()[::-1], [0.0]))
    return surprise(shares_of(sizes.cumsum())) + rest


def merge_largest(order: NDArray[np.int64], k: int, letters: int) -> Labels:
    """The map that merges the k + 1 heaviest letters, `[letter]`."""
    labels = np.arange(letters)
    labels[order[: k + 1]] = order[0]
    return labels


def _with_smallest_pair(sizes: Masses, merged: Floats) -> Floats:
    """H when the two smallest atoms of each such code are merged too, `[k]`; of two atoms that is all."""
    count = sizes.size
    if count < 3:
        return np.full(count, np.inf)
    change = surprise(shares_of(np.array([sizes[-1] + sizes[-2], sizes[-1], sizes[-2]])))
    with_pair: Floats = merged + (change[0] - change[1] - change[2])
    with_pair[-2:] = np.inf
    return with_pair


def _codes(order: NDArray[np.int64], k: int, letters: int) -> tuple[Labels, Labels]:
    """The map without and the map with the smallest pair merged, in the order in which they are tried."""
    largest = merge_largest(order, k, letters)
    both = largest.copy()
    both[order[-1]] = both[order[-2]] if order.size > 1 else both[order[-1]]
    return largest, both
