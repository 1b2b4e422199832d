"""The greedy coupling: again and again the largest mass that is left with the largest that is left."""

from heapq import heappop, heappush
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.coupling import Coupling
from semcom.coupling.masses import Masses, to_masses
from semcom.coupling.order import descending
from semcom.errors import UserError

Kernel = Literal["auto", "plain", "fast"]
"""Who computes, never what: `fast` is compiled by numba (extra `fast`), `auto` takes it where it pays."""
KERNELS = ("auto", "plain", "fast")
FAST_FROM = 1 << 15
"""Letters of both marginals from which loading and compiling numba pays."""


def couple_greedily(p_x: ArrayLike, p_y: ArrayLike, kernel: Kernel = "auto") -> Coupling:
    """A coupling of little entropy: at most n + m - 1 entries, in O(n log n).

    Each step gives min(a, b) to the cell of the largest remaining a of X and b of Y; the first of equal letters goes
    first. The entropy is at most log2(e) / e = 0.53 bit above the least. [Kocaoglu, Dimakis, Vishwanath, Hassibi 2017;
    Compton, Katz, Qi, Greenewald, Kocaoglu 2023, arXiv 2302.11838]

    Marginals are probabilities or masses, see `to_masses`, which also says what raises UserError; so does an unknown
    kernel, and `fast` without its extra. Entries come in descending order of mass.
    """
    p, q = to_masses(p_x, "p_x"), to_masses(p_y, "p_y")
    return greedy(p, q, kernel)


def greedy(p: Masses, q: Masses, kernel: Kernel = "auto") -> Coupling:
    """The greedy coupling of masses that have been checked."""
    if is_fast(kernel, p.size + q.size):
        from semcom.coupling.greedy_compiled import entries
    else:
        entries = plain_entries
    rows, columns, masses = entries(p, q, descending(p), descending(q))
    return Coupling(rows, columns, masses, p, q)


def is_fast(kernel: Kernel, letters: int) -> bool:
    """Whether numba computes; raises UserError for an unknown kernel, and for `fast` without numba."""
    if kernel not in KERNELS:
        raise UserError(f"kernel is {kernel!r}; expected one of {', '.join(KERNELS)}. Take auto.")
    if kernel == "plain" or (kernel == "auto" and letters < FAST_FROM):
        return False
    installed = find_spec("numba") is not None
    if kernel == "fast" and not installed:
        raise UserError("kernel is 'fast', which needs the extra fast: pip install 'semcom[fast]' (or take auto)")
    return installed


def plain_entries(
    p: Masses, q: Masses, order_p: NDArray[np.int64], order_q: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Masses]:
    """Rows, columns and masses of the entries, `[entry]` int64.

    Whole letters stand sorted and are read in turn; only what remains of split ones is kept in a heap.
    """
    whole_p, whole_q = _queue(p, order_p), _queue(q, order_q)
    rest_p, rest_q = [whole_p[-1]], [whole_q[-1]]  # (minus the mass, letter); the last stands for the end
    at_p = at_q = 0
    entries = []
    while True:
        if rest_p[0] < whole_p[at_p]:
            a, i = heappop(rest_p)
        else:
            a, i = whole_p[at_p]
            at_p += 1
        if not a:
            break
        if rest_q[0] < whole_q[at_q]:
            b, j = heappop(rest_q)
        else:
            b, j = whole_q[at_q]
            at_q += 1
        if a < b:
            entries.append((i, j, -b))
            heappush(rest_p, (a - b, i))
        else:
            entries.append((i, j, -a))
            if b < a:
                heappush(rest_q, (b - a, j))
    rows, columns, masses = np.asarray(entries, np.int64).T
    return rows, columns, masses


def _queue(masses: Masses, order: NDArray[np.int64]) -> list[tuple[int, int]]:
    return [*zip((-masses[order]).tolist(), order.tolist(), strict=True), (0, masses.size)]
