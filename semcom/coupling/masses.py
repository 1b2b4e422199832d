"""Distributions as whole numbers: int64 masses that sum to 2^50.

Whole masses add and subtract without error, so the marginals of a coupling are exact and two ends that hold the same
distribution compute the same coupling, bit for bit.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.errors import UserError

TOTAL_BITS = 50
TOTAL = 1 << TOTAL_BITS
"""What the masses of a distribution sum to; below 2^53, so that a float holds any of them exactly."""
MOST_LETTERS = 1 << 24
TOLERANCE = 1e-6
"""How far from 1 the sum of given probabilities may be."""

LEAST, SMALL, LARGE = 2.0**-1000, 2.0**-900, 2.0**900
"""Of weights: what would leave the range of a float when it is scaled to 2^50 or summed is scaled first."""

Masses = NDArray[np.int64]
Floats = NDArray[np.float64]


def to_masses(distribution: ArrayLike, name: str = "distribution") -> Masses:
    """The masses of a distribution, `[letter]` int64 with the sum 2^50; masses pass as they are, uncopied:
    do not change them afterwards.

    Probabilities are scaled to 2^50 and rounded by the largest remainder: each gets its whole units, what is short goes
    one unit each to the largest fractions, the first of equal ones. A probability above 0 keeps at least one unit, at
    the cost of the largest mass, so that no possible letter becomes impossible. The rounding uses elementary
    operations of IEEE 754 alone: it is the same on any machine with the same NumPy.

    Raises UserError for an empty distribution, more than one axis, negative or NaN entries, and a sum other than 1.
    """
    given = np.asarray(distribution)
    if given.ndim != 1 or given.size == 0:
        raise UserError(
            f"{name} has shape {given.shape}; expected one axis with a probability for each letter. "
            "Give one distribution at a time, with at least one letter."
        )
    if given.size > MOST_LETTERS:
        raise UserError(f"{name} has {given.size} letters; expected at most 2^24. Factor it into blocks.")
    if given.dtype.kind not in "iuf":
        raise UserError(f"{name} has entries of type {given.dtype}; expected real numbers. Give probabilities.")
    if given.dtype.kind == "f":
        given = given.astype(np.float64, copy=False)  # sums of half precision would be far off
    worst = given.min()
    if not worst >= 0:
        place = int(np.flatnonzero(~(given >= 0))[0])
        raise UserError(
            f"{name}[{place}] is {given[place]}; expected a probability of at least 0. Look where it was computed."
        )
    total = given.sum(dtype=np.float64)
    if given.dtype.kind != "f" and math.isclose(total, TOTAL) and given.sum() == TOTAL:
        return given.astype(np.int64, copy=False)
    if not abs(total - 1.0) <= TOLERANCE:
        raise UserError(
            f"{name} sums to {total:.9g}; expected 1 within {TOLERANCE:g}, or whole masses that sum to 2^50. "
            "Divide it by its sum."
        )
    return _rounded(given.astype(np.float64, copy=False), float(total))


def rescaled(weights: ArrayLike, name: str = "weights") -> Masses:
    """Masses in proportion to non-negative weights of any positive sum, rounded like probabilities. `[letter]` int64.

    Raises UserError when no weight is positive, or for a weight that is negative, infinite or NaN.
    """
    given = np.asarray(weights, dtype=np.float64)
    most, possible = float(given.max(initial=0.0)), given > 0.0
    if 0.0 < most < SMALL or LARGE < most < math.inf:
        given = np.where(possible, np.maximum(given / most, LEAST), given)
    total = float(given.sum())
    if given.ndim != 1 or not (0.0 < total < math.inf) or not given.min() >= 0.0:
        raise UserError(
            f"{name} of shape {given.shape} sum to {total:g}; expected one axis of weights of at least 0, one of them "
            "positive. Is this letter possible at all?"
        )
    return _rounded(given, total)


def check_rate(rate_bits: float, name: str = "rate_bits") -> float:
    """The rate, in bits. Raises UserError when it is negative or NaN."""
    if not isinstance(rate_bits, int | float | np.integer | np.floating):
        raise UserError(f"{name} is {rate_bits!r}; expected a number of bits (inf for no limit).")
    if not rate_bits >= 0.0:
        raise UserError(f"{name} is {rate_bits:g}; expected at least 0 bits (inf for no limit). Is the sign right?")
    return float(rate_bits)


def _rounded(weights: Floats, total: float) -> Masses:
    scaled = weights * (TOTAL / total)
    floors = np.floor(scaled)
    fractions = scaled - floors
    masses = floors.astype(np.int64)
    low = masses == 0
    if low.any():
        masses[low & (weights > 0.0)] = 1
        fractions[low] = -1.0
    short = TOTAL - int(masses.sum())
    if short > 0:
        short -= _give(masses, fractions, min(short, int(np.count_nonzero(fractions >= 0.0))))
    if short:
        masses[int(np.argmax(masses))] += short
    return masses


def _give(masses: Masses, fractions: Floats, units: int) -> int:
    """One unit to each of the largest fractions, the first of equal ones; returns how many."""
    if units:
        least = np.partition(fractions, fractions.size - units)[fractions.size - units]
        above = fractions > least
        masses[above] += 1
        masses[np.flatnonzero(fractions == least)[: units - int(np.count_nonzero(above))]] += 1
    return units
