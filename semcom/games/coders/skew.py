"""One large cell and small ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Skew(CouplingCoder):
    """As many cells as actions, of equal count; messages are poured from the others into the first until H(T) <= R."""

    kind: Literal["skew"] = "skew"

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the cell: the least that is poured with which H(T) fits; H(T) may rise before it falls."""
        import numpy as np

        from semcom.coupling.entropy import entropy_of
        from semcom.games.coders.through_labels import by_count, through_labels

        order = np.argsort(-belief, kind="stable")[: np.count_nonzero(belief)]
        cells = max(int(np.count_nonzero(policy)), 2)
        for count in _likely(belief[order], cells, rate_bits):
            labels = by_count(order[: order.size - count], cells - 1, belief.size) + 1
            labels[order[order.size - count :]] = 0
            if entropy_of(np.bincount(labels, belief).astype(np.int64)) <= rate_bits:
                return through_labels(belief, labels, policy)
        return through_labels(belief, np.zeros(belief.size, np.int64), policy)


def _likely(masses: Masses, cells: int, rate_bits: float) -> Sequence[int]:
    """How many of the lightest letters to pour, the fewest first, so that H(T) <= R but for rounding."""
    import numpy as np

    from semcom.coupling.entropy import shares_of, surprise

    counts = np.arange(-(-masses.size // cells), masses.size)
    left = masses.size - counts
    ends = -(-left[:, None] * np.arange(cells) // (cells - 1))  # of the others' cells, which hold equal counts
    sums = np.concatenate(([0], masses.cumsum()))[ends]
    poured = masses.sum() - sums[:, -1:]
    entropies = surprise(shares_of(np.concatenate((np.diff(sums, axis=1), poured), axis=1))).sum(axis=1)
    return [int(count) for count in counts[entropies <= rate_bits + 1e-9]]
