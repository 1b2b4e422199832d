"""The product law."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Independent(Coupler):
    """The product law, which tells nothing of Y by X: the most entropy."""

    kind: Literal["independent"] = "independent"
    most_letters: ClassVar[int] = 1 << 10

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By multiplying."""
        from semcom.coupling import couple_independently

        return couple_independently(p, q)
