"""Cells of equal belief."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class BalancedCells(CouplingCoder):
    """The messages in floor(2^R) cells of nearly equal belief, the heaviest messages first. [Shkel et al. 2017]"""

    kind: Literal["balanced_cells"] = "balanced_cells"
    cites: ClassVar[tuple[str, ...]] = ("shkel2017",)

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the cell."""
        from semcom.coupling import shkel2017, through_message_code

        return through_message_code(shkel2017(belief, rate_bits), policy)
