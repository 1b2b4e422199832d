"""Decimation that keeps every shift."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.compression.sampled import Sampled
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class Polyphase(Sampled):
    """Decimation by D whose D shifts become snapshots: no sample of a whole block is lost. [arXiv 2503.21242]

    Snapshot p of a mode holds x[p], x[p + D], x[p + 2 D], ...; those of several modes multiply, the last one's fastest.
    """

    kind: Literal["polyphase"] = "polyphase"
    gives_snapshots: ClassVar[bool] = True

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """`[kept samples of each mode ..., product of factors]`; the maps are those of the first snapshot."""
        from semcom_estimation.sensing.compression.sampling import polyphases

        return polyphases(tensor, self.of(model))

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """Exact when each snapshot has a gain of its own: sqrt((N^2 - 1) / (N^2 - D^2)) where D divides N.

        That gains of snapshots differ by known phases would tell the rest.
        """
        from semcom_estimation.sensing.compression.sampling import polyphase_growth

        return polyphase_growth(model.shape, self.of(model))
