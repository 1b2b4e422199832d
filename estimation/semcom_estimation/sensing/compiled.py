"""Inner products of atoms and of a tensor with them, compiled by numba: the same as the plain ones, to rounding.

Modes stand one after the other in `values` and `slopes`, `[kept samples of all modes, target]`; `ends` says where each
begins, and where the last one ends.
"""

from typing import Any

import numpy as np
from numba import njit


def compiled(function: Any) -> Any:
    """By numba, once for all processes where there is a place to keep it."""
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # no folder that numba could write to
        return njit(function)


@compiled
def tabled(terms, places, nearest, per_bin, length):  # type: ignore[no-untyped-def]
    """Sums of a Taylor series and of its derivative, `[kept, target]` each, from terms `[point, order, kept]`."""
    orders, kept = terms.shape[1], terms.shape[2]
    values, slopes = np.empty((kept, places.size), np.complex128), np.empty((kept, places.size), np.complex128)
    value, slope = np.empty(2 * kept), np.empty(2 * kept)
    parts = terms.view(np.float64)
    for target in range(places.size):
        point, off = nearest[target], (places[target] - nearest[target]) / per_bin
        value[:], slope[:] = parts[point, orders - 1], 0.0
        for order in range(orders - 2, -1, -1):  # Horner's rule
            for at in range(2 * kept):
                slope[at] = slope[at] * off + value[at]
                value[at] = value[at] * off + parts[point, order, at]
        for at in range(kept):
            values[at, target] = complex(value[2 * at], value[2 * at + 1])
            slopes[at, target] = length * complex(slope[2 * at], slope[2 * at + 1])
    return values, slopes


@compiled
def products(values, slopes, ends):  # type: ignore[no-untyped-def]  # noqa: C901
    """A*A `[target, target]`, A*D_m `[mode, target, target]` and D_m*D_n `[mode, mode, target, target]`."""
    modes, targets = ends.size - 1, values.shape[1]
    inner = np.empty((4, modes, targets, targets), np.complex128)  # values or slopes with values or slopes
    for mode in range(modes):
        for one in range(targets):
            for other in range(one, targets):
                both, right, left, turned = 0j, 0j, 0j, 0j
                for at in range(ends[mode], ends[mode + 1]):
                    value, slope = values[at, one].conjugate(), slopes[at, one].conjugate()
                    both += value * values[at, other]
                    right += value * slopes[at, other]
                    left += slope * values[at, other]
                    turned += slope * slopes[at, other]
                inner[0, mode, one, other], inner[0, mode, other, one] = both, both.conjugate()
                inner[1, mode, one, other], inner[1, mode, other, one] = right, left.conjugate()
                inner[2, mode, one, other], inner[2, mode, other, one] = left, right.conjugate()
                inner[3, mode, one, other], inner[3, mode, other, one] = turned, turned.conjugate()
    atoms = np.empty((targets, targets), np.complex128)
    crossed = np.empty((modes, targets, targets), np.complex128)
    every = np.empty((modes, modes, targets, targets), np.complex128)
    for one in range(targets):
        for other in range(targets):
            atoms[one, other] = 1.0
            for mode in range(modes):
                atoms[one, other] *= inner[0, mode, one, other]
            for first in range(modes):
                for second in range(first, modes):
                    rest = 1.0 + 0j
                    for mode in range(modes):
                        if mode not in (first, second):
                            rest *= inner[0, mode, one, other]
                    if first == second:
                        crossed[first, one, other] = rest * inner[1, first, one, other]
                        every[first, first, one, other] = rest * inner[3, first, one, other]
                    else:
                        left, right = inner[2, first, one, other], inner[1, first, one, other]
                        every[first, second, one, other] = rest * left * inner[1, second, one, other]
                        every[second, first, one, other] = rest * right * inner[2, second, one, other]
    return atoms, crossed, every


@compiled
def contracted(rows, values, slopes, ends, start):  # type: ignore[no-untyped-def]  # noqa: C901
    """Correlations with atoms and their derivatives, `[1 + mode, target]`, from those along the mode `start`.

    `rows [2, target, samples of the other modes]` are the tensor's with values and slopes of that mode.
    """
    modes, targets = ends.size - 1, values.shape[1]
    found = np.empty((modes + 1, targets), np.complex128)
    here = np.empty((modes + 1, rows.shape[2]), np.complex128)
    for target in range(targets):
        here[:2] = rows[:, target]
        size, done = rows.shape[2], 2
        for mode in range(modes):
            if mode == start:
                continue
            first, kept = ends[mode], ends[mode + 1] - ends[mode]
            size //= kept
            for at in range(size):
                here[done, at] = 0j
            for sample in range(kept):  # sums grow where the first sample was
                value = values[first + sample, target].conjugate()
                slope = slopes[first + sample, target].conjugate()
                for at in range(size):
                    here[done, at] += slope * here[0, sample * size + at]
                for one in range(done):
                    for at in range(size):
                        product = value * here[one, sample * size + at]
                        here[one, at] = product if sample == 0 else here[one, at] + product
            done += 1
        found[0, target], found[1 + start, target] = here[0, 0], here[1, 0]
        done = 2
        for mode in range(modes):
            if mode != start:
                found[1 + mode, target] = here[done, 0]
                done += 1
    return found
