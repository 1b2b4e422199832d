"""The closest-match coupling."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class ClosestMatch(Coupler):
    """Again and again the two masses that are nearest to each other. [zero-seeking, as in Ebrahimi et al. 2024]"""

    kind: Literal["closest_match"] = "closest_match"
    cites: ClassVar[tuple[str, ...]] = ("ebrahimi2024",)
    most_letters: ClassVar[int] = 1 << 20

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By zeroing."""
        from semcom.coupling import couple_closest

        return couple_closest(p, q)
