"""The better of two couplings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Best(Coupler):
    """The greedy or the closest-match coupling, whichever has less entropy."""

    kind: Literal["best"] = "best"
    cites: ClassVar[tuple[str, ...]] = ("kocaoglu2017", "ebrahimi2024")
    most_letters: ClassVar[int] = 1 << 20

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By both."""
        from semcom.coupling import couple_best

        return couple_best(p, q)
