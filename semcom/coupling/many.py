"""The greedy coupling of more than two marginals."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heapreplace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.entropy import entropy_of
from semcom.coupling.lower_bounds import bounds_of
from semcom.coupling.masses import Masses, to_masses
from semcom.errors import UserError


@dataclass(frozen=True, eq=False)
class ManyCoupling:
    """The joint law of several variables as whole masses, 2^50 in all."""

    letters: NDArray[np.int64]
    """`[entry, marginal]` int64: the letter of each variable."""
    masses: Masses
    """`[entry]` int64, all positive."""
    marginals: tuple[Masses, ...]
    """`[letter]` of each variable: exactly the sums of entries."""

    @property
    def entropy_bits(self) -> float:
        """H(X_1, ..., X_m) in bits."""
        return entropy_of(self.masses)

    @cached_property
    def bound_bits(self) -> float:
        """A lower bound on H(X_1, ..., X_m) of any coupling: the greatest one of a pair, in bits."""
        return max(max(bounds_of(p, q)) for p, q in combinations(self.marginals, 2))

    @property
    def gap_bits(self) -> float:
        """How far the entropy is above the bound, in bits: no coupling of these marginals is better by more."""
        return max(0.0, self.entropy_bits - self.bound_bits)

    @property
    def correlation_bits(self) -> float:
        """The total correlation H(X_1) + ... + H(X_m) - H(X_1, ..., X_m) in bits."""
        return sum(map(entropy_of, self.marginals)) - self.entropy_bits


def couple_many(marginals: Sequence[ArrayLike]) -> ManyCoupling:
    """The greedy coupling of two marginals or more, in O(N log N) for N letters in all.

    Each step takes the largest mass that is left of every marginal and gives the least of them to their cell; at most
    N - m + 1 entries for m marginals. The entropy is at most (1 + log2 e) / 2 = 1.22 bits above the least.
    [Kocaoglu, Dimakis, Vishwanath, Hassibi 2017; Compton et al. 2023, arXiv 2302.11838]

    Raises UserError as `to_masses`, and for less than two marginals.
    """
    if len(marginals) < 2:
        raise UserError(f"marginals are {len(marginals)}; expected at least 2. Give one distribution a variable.")
    known = tuple(to_masses(marginal, f"marginals[{place}]") for place, marginal in enumerate(marginals))
    heaps = [[(-mass, letter) for letter, mass in enumerate(masses.tolist()) if mass] for masses in known]
    for heap in heaps:
        heap.append((0, len(heap)))  # stays when all else is spent
        heapify(heap)
    letters, masses = [], []
    while heaps[0][0][0]:
        least = min(-heap[0][0] for heap in heaps)
        letters.append([heap[0][1] for heap in heaps])
        masses.append(least)
        for heap in heaps:
            negative, letter = heap[0]
            heapreplace(heap, (negative + least, letter))
    return ManyCoupling(np.asarray(letters, np.int64), np.asarray(masses, np.int64), known)
