"""What every coupler is: it joins two distributions."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from semcom.reach import Reach

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Coupler(Reach):
    """Makes a joint law of little entropy, or one to compare with, of two marginals."""

    @abstractmethod
    def couple(self, p: Masses, q: Masses) -> Coupling:
        """The joint law of marginals given as int64 masses that sum to 2^50."""
