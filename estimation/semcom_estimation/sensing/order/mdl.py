"""Minimum description length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.order.order import Order

if TYPE_CHECKING:
    import numpy as np


class Mdl(Order):
    """The k of least -log L + (1 + k (2 N - k)) log(T) / 2, T snapshots, of each mode. [Wax & Kailath 1985]"""

    kind: Literal["mdl"] = "mdl"

    def orders(self, eigenvalues: Sequence[np.ndarray], snapshots: Sequence[int]) -> tuple[int, ...]:
        """Each mode alone."""
        import numpy as np

        from semcom_estimation.sensing.order.criteria import deviances

        each = (deviances(*one) for one in zip(eigenvalues, snapshots, strict=True))
        return tuple(int(np.argmin(deviance + free * math.log(count))) for deviance, free, count in each)
