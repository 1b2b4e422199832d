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

MANTISSA_BITS = 7
"""Leading bits of a mass beside its exponent, by which lists are told apart."""
SHIFT, BIAS = 52 - MANTISSA_BITS, 1023 << MANTISSA_BITS
LISTS = (TOTAL_BITS + 1) << MANTISSA_BITS

compiled: Any = njit(cache=True)


def entries(
    p: Masses, q: Masses, order_p: NDArray[np.int64], order_q: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Masses]:
    """Rows, columns and masses of the entries, `[entry]` int64."""
    rows, columns, masses = _entries(np.append(p[order_p], 0), np.append(q[order_q], 0), order_p, order_q)
    return rows, columns, masses


@compiled
def _entries(sizes_p, sizes_q, letters_p, letters_q):  # type: ignore[no-untyped-def]
    """Greedy steps over masses in descending order that end with a 0."""
    most = letters_p.size + letters_q.size
    rows, columns, masses = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    number, bits = _scratch()
    heap_p, rank_p, link_p, head_p, state_p = _side(letters_p.size, sizes_p[0], number, bits)
    heap_q, rank_q, link_q, head_q, state_q = _side(letters_q.size, sizes_q[0], number, bits)
    count = 0
    while True:
        i, a = _take(sizes_p, letters_p, heap_p, rank_p, link_p, head_p, state_p, number, bits)
        if a == 0:
            break
        j, b = _take(sizes_q, letters_q, heap_q, rank_q, link_q, head_q, state_q, number, bits)
        rows[count], columns[count], masses[count] = letters_p[i], letters_q[j], min(a, b)
        count += 1
        if a > b:
            _keep(i, a - b, sizes_p, letters_p, heap_p, rank_p, link_p, head_p, state_p, number, bits)
        elif b > a:
            _keep(j, b - a, sizes_q, letters_q, heap_q, rank_q, link_q, head_q, state_q, number, bits)
    return rows[:count].copy(), columns[:count].copy(), masses[:count].copy()


@compiled
def _scratch():  # type: ignore[no-untyped-def]
    """A float64 and the same bits as an int64."""
    number = np.zeros(1)
    return number, number.view(np.int64)


@compiled
def _list_of(mass, number, bits):  # type: ignore[no-untyped-def]
    """The list that a mass belongs to: larger for larger masses."""
    number[0] = mass
    return (bits[0] >> SHIFT) - BIAS


@compiled
def _side(letters, largest, number, bits):  # type: ignore[no-untyped-def]
    """Heap (masses, ranks), links and heads of the lists, and (next whole letter, size of the heap, list in it)."""
    state = np.zeros(3, np.int64)
    state[2] = _list_of(largest, number, bits)
    heads = np.full(LISTS, -1, np.int32)
    return np.empty(letters, np.int64), np.empty(letters, np.int32), np.empty(letters, np.int32), heads, state


@compiled
def _take(sizes, letters, heap, rank, link, head, state, number, bits):  # type: ignore[no-untyped-def]
    """Takes the largest mass that is left: its rank and the mass, 0 at the end.

    The mass of a listed letter stands in `sizes`, where the whole one stood.
    """
    while True:
        at = state[0]
        whole = sizes[at]
        if state[1] > 0:
            if heap[0] > whole or (heap[0] == whole and letters[rank[0]] < letters[at]):
                return _pop(letters, heap, rank, state)
            state[0] += 1
            return at, whole
        lowest = _list_of(whole, number, bits) if whole > 0 else -1
        if lowest >= state[2]:
            state[0] += 1
            return at, whole
        place = state[2] - 1
        while place > lowest and head[place] < 0:
            place -= 1
        if place < 0:
            return at, 0
        state[2] = place
        item = head[place]
        while item >= 0:
            _push(item, sizes[item], letters, heap, rank, state)
            item = link[item]
        head[place] = -1


@compiled
def _keep(item, mass, sizes, letters, heap, rank, link, head, state, number, bits):  # type: ignore[no-untyped-def]
    """Keeps what remains of a letter."""
    place = _list_of(mass, number, bits)
    if place >= state[2]:
        _push(item, mass, letters, heap, rank, state)
    else:
        sizes[item] = mass
        link[item] = head[place]
        head[place] = item


@compiled
def _push(item, mass, letters, heap, rank, state):  # type: ignore[no-untyped-def]
    place = state[1]
    state[1] += 1
    while place > 0:
        above = (place - 1) >> 1
        if heap[above] > mass or (heap[above] == mass and letters[rank[above]] < letters[item]):
            break
        heap[place], rank[place] = heap[above], rank[above]
        place = above
    heap[place], rank[place] = mass, item


@compiled
def _pop(letters, heap, rank, state):  # type: ignore[no-untyped-def]
    top, largest = np.int64(rank[0]), heap[0]
    state[1] -= 1
    size = state[1]
    mass, item = heap[size], rank[size]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            heap[other] > heap[below] or (heap[other] == heap[below] and letters[rank[other]] < letters[rank[below]])
        ):
            below = other
        if mass > heap[below] or (mass == heap[below] and letters[item] < letters[rank[below]]):
            break
        heap[place], rank[place] = heap[below], rank[below]
        place = below
    heap[place], rank[place] = mass, item
    return top, largest
