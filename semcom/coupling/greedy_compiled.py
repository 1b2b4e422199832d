"""The greedy coupling compiled by numba: the same entries as the plain one.

What remains of split letters lies in lists by size, one for each leading bits of the mass, and only the list of the
largest masses is ordered, as a heap, when its turn comes: remainders are never larger than what was split, so no list
is needed twice. The heap stays in the processor's cache where a heap of all of them would not.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from semcom.coupling.masses import TOTAL_BITS, Masses

FEWEST_BITS, MOST_BITS = 3, 12
"""Of the mantissa, beside the exponent, that tell lists apart: so many that a list holds some tens of letters."""


def compiled(function: Any) -> Any:
    """By numba, once for all processes where there is a place to keep it."""
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # no folder that numba could write to
        return njit(function)


def entries(
    p: Masses, q: Masses, order_p: NDArray[np.int64], order_q: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Masses]:
    """Rows, columns and masses of the entries, `[entry]` int64."""
    letters = np.concatenate((order_p, [p.size], order_q, [q.size]))
    sizes = np.concatenate((p[order_p], [0], q[order_q], [0]))
    bits = min(max(letters.size.bit_length() - 8, FEWEST_BITS), MOST_BITS)
    rows, columns, masses = _entries(sizes, letters, order_p.size + 1, bits)
    return rows, columns, masses


@compiled
def _entries(sizes, letters, begin, bits):  # type: ignore[no-untyped-def]  # noqa: C901
    """Greedy steps over the letters of X and, from `begin` on, those of Y: in descending order, then a 0.

    One function, for numba counts references to arrays at each call, which takes several times as long as the steps.
    What remains of a listed letter stands in `sizes` in place of the whole one.
    """
    number = np.zeros(1)
    code = number.view(np.int64)  # the exponent and the mantissa of `number`
    shift, bias = 52 - bits, 1023 << bits
    rows, columns = np.empty(letters.size, np.int64), np.empty(letters.size, np.int64)
    masses, heap = np.empty(letters.size, np.int64), np.empty(letters.size, np.int64)
    rank, link = np.empty(letters.size, np.int32), np.empty(letters.size, np.int32)  # of the heap and of the lists
    heads = np.full((2, (TOTAL_BITS + 1) << bits), -1, np.int32)
    start, at = np.array([0, begin]), np.array([0, begin])
    filled, current = np.zeros(2, np.int64), np.zeros(2, np.int64)  # size of the heap, list that it holds
    taken, amount = np.zeros(2, np.int64), np.zeros(2, np.int64)
    number[0] = max(sizes[0], sizes[begin])
    current[:] = (code[0] >> shift) - bias
    count = 0
    while True:
        for side in range(2):
            base = start[side]
            whole = sizes[at[side]]
            if filled[side] == 0:  # go on to the next whole letter or to the next list, whichever is larger
                lowest = -1
                if whole > 0:
                    number[0] = whole
                    lowest = (code[0] >> shift) - bias
                place = current[side]
                if lowest < place:
                    place -= 1
                    while place > lowest and heads[side, place] < 0:
                        place -= 1
                    if place >= 0:
                        current[side] = place
                        item = heads[side, place]
                        heads[side, place] = -1
                        while item >= 0:
                            mass = sizes[item]
                            hole = filled[side]
                            filled[side] += 1
                            while hole > 0:
                                above = (hole - 1) >> 1
                                other = heap[base + above]
                                if other > mass or (other == mass and letters[rank[base + above]] < letters[item]):
                                    break
                                heap[base + hole], rank[base + hole] = other, rank[base + above]
                                hole = above
                            heap[base + hole], rank[base + hole] = mass, item
                            item = link[item]
            if filled[side] > 0 and (
                heap[base] > whole or (heap[base] == whole and letters[rank[base]] < letters[at[side]])
            ):
                taken[side], amount[side] = rank[base], heap[base]
                filled[side] -= 1
                size = filled[side]
                mass, item = heap[base + size], rank[base + size]
                hole = 0
                while True:
                    below = 2 * hole + 1
                    if below >= size:
                        break
                    child = base + below
                    if below + 1 < size and (
                        heap[child + 1] > heap[child]
                        or (heap[child + 1] == heap[child] and letters[rank[child + 1]] < letters[rank[child]])
                    ):
                        below += 1
                        child += 1
                    if mass > heap[child] or (mass == heap[child] and letters[item] < letters[rank[child]]):
                        break
                    heap[base + hole], rank[base + hole] = heap[child], rank[child]
                    hole = below
                heap[base + hole], rank[base + hole] = mass, item
            else:
                taken[side], amount[side] = at[side], whole
                at[side] += 1
        a, b = amount[0], amount[1]
        if a == 0:
            break
        rows[count], columns[count], masses[count] = letters[taken[0]], letters[taken[1]], min(a, b)
        count += 1
        if a != b:
            side = 0 if a > b else 1
            base, item, mass = start[side], taken[side], abs(a - b)
            number[0] = mass
            place = (code[0] >> shift) - bias
            if place < current[side]:
                sizes[item], link[item], heads[side, place] = mass, heads[side, place], item
            else:
                hole = filled[side]
                filled[side] += 1
                while hole > 0:
                    above = (hole - 1) >> 1
                    other = heap[base + above]
                    if other > mass or (other == mass and letters[rank[base + above]] < letters[item]):
                        break
                    heap[base + hole], rank[base + hole] = other, rank[base + above]
                    hole = above
                heap[base + hole], rank[base + hole] = mass, item
    return rows[:count].copy(), columns[:count].copy(), masses[:count].copy()
