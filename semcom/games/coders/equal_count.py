"""Blocks of the messages that are still possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class EqualCount(CouplingCoder):
    """The possible messages in floor(2^R) blocks of equal count, made anew in each step."""

    kind: Literal["equal_count"] = "equal_count"

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the block."""
        import numpy as np

        from semcom.games.coders.through_labels import by_count, through_labels, whole_cells

        possible = np.flatnonzero(belief)
        cells = whole_cells(rate_bits, possible.size)
        return through_labels(belief, by_count(possible, cells, belief.size), policy)
