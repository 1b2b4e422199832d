"""The coupling of least entropy."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Exact(Coupler):
    """The least entropy of all couplings, by branch and bound over vertices. [as in Compton et al. 2023]"""

    kind: Literal["exact"] = "exact"
    cites: ClassVar[tuple[str, ...]] = ("compton2023",)
    most_letters: ClassVar[int] = 6

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By the search."""
        from semcom.coupling import couple_exactly

        return couple_exactly(p, q)
