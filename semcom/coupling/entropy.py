"""Entropies of whole masses."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.elementary import log2
from semcom.coupling.masses import TOTAL, TOTAL_BITS, Floats, Masses, to_masses

FEW = 16
"""Letters of a distribution whose entropy is remembered."""


def surprise(shares: Floats) -> Floats:
    """-p log2 p of each share in [0, 1], in bits; 0 where p is 0."""
    bits: Floats = -shares * log2(np.where(shares > 0.0, shares, 1.0))
    return bits


def shares_of(masses: NDArray[np.int64]) -> Floats:
    """Masses as probabilities, exactly."""
    return masses * np.float64(1.0 / TOTAL)


def entropy_bits(distribution: ArrayLike) -> float:
    """H = -sum p log2 p in bits, of probabilities or masses; the same in any order. Raises UserError as `to_masses`."""
    return entropy_of(to_masses(distribution))


def entropy_of(masses: Masses) -> float:
    """The entropy in bits of masses that have been checked."""
    return _of_few(masses.tobytes()) if masses.size <= FEW else _entropy(masses)


def least_entropy_of(masses: Masses) -> float:
    """-log2 max p in bits of masses that have been checked, quick to tell. [Renyi 1961]

    But for rounding it is no more than the entropy.
    """
    return TOTAL_BITS - float(log2(np.array([float(masses.max())]))[0])


@lru_cache(maxsize=10_000)
def _of_few(masses: bytes) -> float:
    """Policies of a game recur, and with them their entropies."""
    return _entropy(np.frombuffer(masses, np.int64))


def _entropy(masses: Masses) -> float:
    shares = shares_of(masses[masses > 0])
    return -math.fsum((shares * log2(shares)).tolist()) + 0.0  # of one letter 0.0, not -0.0
