"""The comonotone coupling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Comonotone(Coupler):
    """Sorted marginals side by side, joined where their cumulative sums overlap: the price of sorting."""

    kind: Literal["comonotone"] = "comonotone"

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By quantiles."""
        from semcom.coupling import couple_comonotone

        return couple_comonotone(p, q)
