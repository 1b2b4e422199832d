"""The exponential fitting test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.order.order import Order

if TYPE_CHECKING:
    import numpy as np


class Eft(Order):
    """Noise eigenvalues fall like an exponential; those that do not are of targets. [Quinlan et al. 2007]

    The fewest targets whose absence leaves such a profile, the largest of the rest included; thresholds are quantiles
    over draws of noise alone, the same draws each time. Made for few snapshots; it finds no more targets than there are
    samples or snapshots, less one. Averages forward and backward make noise eigenvalues more equal: false alarms are
    rarer then.
    """

    kind: Literal["eft"] = "eft"
    false_alarm: Annotated[float, Field(ge=0.001, lt=0.5)] = 0.01
    """Probability that noise alone breaks the exponential, of covariances that are not averaged backwards."""

    def orders(self, eigenvalues: Sequence[np.ndarray], snapshots: Sequence[int]) -> tuple[int, ...]:
        """Each mode alone."""
        from semcom_estimation.sensing.order.exponential import breaks

        pairs = zip(eigenvalues, snapshots, strict=True)
        return tuple(breaks(values, count, self.false_alarm) for values, count in pairs)
