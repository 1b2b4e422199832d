"""Sums over atoms, steps of a fit and what it leaves, compiled by numba: the same as the plain ones, to rounding.

Modes stand one after the other in `values` and `slopes`, `[kept samples of all modes, target]`; `ends` says where each
begins, and where the last one ends.
"""

import math
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


@compiled
def solved(values, slopes, ends, rows, start, rounding):  # type: ignore[no-untyped-def]
    """Gains of least squares, then what `products`, A*A lifted by rounding, and `contracted` say."""
    atoms, crossed, every = products(values, slopes, ends)
    lift = rounding * np.trace(atoms).real / len(atoms)
    for target in range(len(atoms)):
        atoms[target, target] += lift
    found = contracted(rows, values, slopes, ends, start)
    return np.linalg.solve(atoms, found[0]), atoms, crossed, every, found


@compiled
def uphill(atoms, crossed, every, gains, correlations):  # type: ignore[no-untyped-def]
    """Slope `[mode * target]` and information `[mode * target, mode * target]` of a fit from its products."""
    modes, targets = correlations.shape
    size = modes * targets
    across = np.empty((targets, size), np.complex128)
    slope = np.empty(size)
    for at in range(size):
        mode, target = divmod(at, targets)
        left = correlations[mode, target]
        for one in range(targets):
            across[one, at] = crossed[mode, one, target] * gains[target]
            left -= crossed[mode, one, target].conjugate() * gains[one]
        slope[at] = (gains[target].conjugate() * left).real
    curve = -np.dot(np.ascontiguousarray(across.conj().T), np.linalg.solve(atoms, across)).real
    for at in range(size):
        mode, target = divmod(at, targets)
        for other in range(size):
            second, beside = divmod(other, targets)
            power = gains[target].conjugate() * gains[beside]
            curve[at, other] += (every[mode, second, target, beside] * power).real
    return slope, curve


@compiled
def damped(curve, slope, damping, least):  # type: ignore[no-untyped-def]
    """The solution of a curve whose diagonal is lifted by the share `damping` and by `least` of its largest."""
    raised, largest = curve.copy(), np.diag(curve).max()
    for at in range(slope.size):
        raised[at, at] += damping * curve[at, at] + least * largest
    return np.linalg.solve(raised, slope)


@compiled
def apart(one, other):  # type: ignore[no-untyped-def]
    """|x - y|^2 of each element of complex64 arrays."""
    power = np.empty(one.shape, np.float32)
    flat, first, second = power.reshape(-1), one.reshape(-1), other.reshape(-1)
    for at in range(flat.size):
        left = first[at] - second[at]
        flat[at] = left.real * left.real + left.imag * left.imag
    return power


@compiled
def tops(power, shape, places, smallest):  # type: ignore[no-untyped-def]
    """Tops of parabolas of log power `[point]`: where on the grid `[axis, place]`, how high, and steps off at most."""
    found = np.empty((shape.size, places.size))
    heights, offsets = np.empty(places.size), np.zeros(places.size)
    for one in range(places.size):
        height = heights[one] = math.log(max(float(power[places[one]]), smallest))
        beside = 1
        for axis in range(shape.size - 1, -1, -1):
            index = places[one] // beside % shape[axis]
            middle = min(max(index, 1), shape[axis] - 2)
            here = places[one] + (middle - index) * beside
            top = height if middle == index else math.log(max(float(power[here]), smallest))
            left = math.log(max(float(power[here - beside]), smallest))
            right = math.log(max(float(power[here + beside]), smallest))
            bend = min(left - 2.0 * top + right, -1e-9)
            offset = 0.5 * (left - right) / bend
            found[axis, one] = middle + min(max(offset, -1.0), 1.0)
            if middle == index:
                heights[one] -= 0.5 * offset * offset * bend
                offsets[one] = max(offsets[one], abs(offset))
            beside *= shape[axis]
    return found, heights, offsets
