"""Akaike's criterion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.order.order import Order

if TYPE_CHECKING:
    import numpy as np


class Aic(Order):
    """The k of least -2 log L + 2 (1 + k (2 N - k)) of the eigenvalues of each mode. [Akaike 1974; Wax & Kailath 1985]

    It tends to find too many targets, however many snapshots there are.
    """

    kind: Literal["aic"] = "aic"

    def orders(self, eigenvalues: Sequence[np.ndarray], snapshots: Sequence[int]) -> tuple[int, ...]:
        """Each mode alone."""
        import numpy as np

        from semcom_estimation.sensing.order.criteria import deviances

        each = (deviances(*one) for one in zip(eigenvalues, snapshots, strict=True))
        return tuple(int(np.argmin(deviance + 2.0 * free)) for deviance, free, _ in each)
