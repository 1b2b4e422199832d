"""The greedy coupling in quadratic time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.couplers.coupler import Coupler

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class ArgmaxLoop(Coupler):
    """The greedy coupling as public implementations have it: both largest masses are looked for at each step."""

    kind: Literal["argmax_loop"] = "argmax_loop"
    most_letters: ClassVar[int] = 1 << 16

    def couple(self, p: Masses, q: Masses) -> Coupling:
        """By the loop."""
        from semcom.coupling import couple_by_argmax

        return couple_by_argmax(p, q)
