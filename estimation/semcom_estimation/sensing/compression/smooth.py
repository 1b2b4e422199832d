"""Sub-arrays as snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.compression.sampled import Sampled
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class Smooth(Sampled):
    """D overlapping sub-arrays of N - D + 1 samples become snapshots. [Shan, Wax & Kailath 1985]

    Targets that are coherent in an unfolding get different phases in the snapshots. Noise is white within a snapshot;
    the snapshots share samples. Snapshots of several modes multiply: the tensor grows.
    """

    kind: Literal["smooth"] = "smooth"
    gives_snapshots: ClassVar[bool] = True

    def kept(self, length: int, factor: int) -> int:
        """A sub-array."""
        return length - factor + 1

    def largest(self, view: tuple[float, float]) -> int:
        """Two sub-arrays in each mode, unless more are asked for."""
        return 2

    def complaint(self, view: tuple[float, float], factor: int) -> str | None:
        """Neighbours stay neighbours, so no view becomes ambiguous."""
        return None

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """`[sub-array of each mode ..., product of factors]`; the maps are those of the first snapshot."""
        from semcom_estimation.sensing.compression.sampling import subarrays

        return subarrays(tensor, self.of(model))

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """Of the first sub-array alone: an upper limit, since the other snapshots add to what it tells."""
        from semcom_estimation.sensing.compression.sampling import subarray_growth

        return subarray_growth(model.shape, self.of(model))
