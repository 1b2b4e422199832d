"""A pair of marginals that has been coupled, as metrics see it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from semcom.coupling import Coupling, Masses, couple_exactly

PAIRS_KEPT = 1 << 16
"""Pairs whose least entropy is remembered, since every coupler meets the same ones."""


@dataclass(frozen=True)
class Coupled:
    """A coupling and what it took."""

    coupling: Coupling
    seconds: float
    """Processor time of the call."""

    @property
    def least_bits(self) -> float:
        """H(X, Y) of the exact coupling of the same marginals, in bits."""
        return least_bits(self.coupling.row_masses, self.coupling.column_masses)


def least_bits(p: Masses, q: Masses) -> float:
    """The least H(X, Y) of all couplings, in bits; raises UserError as `couple_exactly`."""
    return _least_bits(p.tobytes(), q.tobytes())


@lru_cache(PAIRS_KEPT)
def _least_bits(p: bytes, q: bytes) -> float:
    return couple_exactly(np.frombuffer(p, np.int64), np.frombuffer(q, np.int64)).entropy_bits
