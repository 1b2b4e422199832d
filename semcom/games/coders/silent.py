"""No communication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Silent(CouplingCoder):
    """The action is drawn from the policy whatever the message: the receiver can but guess."""

    kind: Literal["silent"] = "silent"

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """T is a constant."""
        import numpy as np

        from semcom.games.coders.through_labels import through_labels

        return through_labels(belief, np.zeros(belief.size, np.int64), policy)
