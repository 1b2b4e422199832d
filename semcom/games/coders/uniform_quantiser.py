"""Fixed blocks of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class UniformQuantiser(CouplingCoder):
    """The message's block of ceil(n / floor(2^R)) indices, the same in each step. [Ebrahimi et al. 2024, baseline]

    What lies in one block is never told apart.
    """

    kind: Literal["uniform_quantiser"] = "uniform_quantiser"
    cites: ClassVar[tuple[str, ...]] = ("ebrahimi2024",)

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the block."""
        import numpy as np

        from semcom.games.coders.through_labels import through_labels, whole_cells

        cells = whole_cells(rate_bits, belief.size)
        return through_labels(belief, np.arange(belief.size) // -(-belief.size // cells), policy)
