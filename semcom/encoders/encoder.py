"""What every encoder is: it compresses a letter."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from semcom.reach import Reach

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Encoder(Reach):
    """Makes a code T of a letter X with H(T) <= R and much I(X; T)."""

    @abstractmethod
    def encode(self, p: Masses, rate_bits: float) -> Coupling:
        """The law of X (rows) and T (columns) for masses of X that sum to 2^50."""
