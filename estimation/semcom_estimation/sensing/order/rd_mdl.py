"""Minimum description length over all unfoldings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.order.order import Order

if TYPE_CHECKING:
    import numpy as np


class RdMdl(Order):
    """One k for all modes, of the least sum over unfoldings of -log L + (1 + k (2 N - k)) log(T) / 2.

    The sum of log L is that of global eigenvalues, products of those of the modes. [da Costa, Haardt, Roemer & Del
    Galdo 2007, whose penalty is of one unfolding] Targets that share a frequency count in the modes where they differ
    alone, and k stays below the samples of the shortest mode.
    """

    kind: Literal["rd_mdl"] = "rd_mdl"

    def orders(self, eigenvalues: Sequence[np.ndarray], snapshots: Sequence[int]) -> tuple[int, ...]:
        """The same for each mode."""
        import numpy as np

        from semcom_estimation.sensing.order.criteria import deviances

        each = (deviances(*one) for one in zip(eigenvalues, snapshots, strict=True))
        lengths = [deviance + free * math.log(count) for deviance, free, count in each]
        most = min(len(length) for length in lengths)
        whole = np.sum([length[:most] for length in lengths], axis=0)
        return (int(np.argmin(whole)),) * len(lengths)
