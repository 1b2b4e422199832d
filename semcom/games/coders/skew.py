"""One large cell and small ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Skew(CouplingCoder):
    """As many cells as actions, of equal count; messages are poured from the others into the first until H(T) <= R."""

    kind: Literal["skew"] = "skew"

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the cell."""
        from bisect import bisect_left

        import numpy as np

        from semcom.coupling import entropy_bits
        from semcom.games.coders.through_labels import by_count, through_labels

        order = np.argsort(-belief, kind="stable")[: np.count_nonzero(belief)]
        cells = max(int(np.count_nonzero(policy)), 2)

        def poured(count: int) -> np.ndarray:
            """The label of each message, so many of the lightest ones in the first cell."""
            labels = by_count(order[: order.size - count], cells - 1, belief.size) + 1
            labels[order[order.size - count :]] = 0
            return labels

        def fits(count: int) -> bool:
            sums = np.bincount(poured(count), belief).astype(np.int64)
            return entropy_bits(sums) <= rate_bits

        counts = range(-(-order.size // cells), order.size)
        count = counts.start + bisect_left(counts, True, key=fits)
        return through_labels(belief, poured(count), policy)
