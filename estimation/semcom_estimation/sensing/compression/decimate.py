"""Decimation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.compression.sampled import Sampled
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.steering import ModeMap


class Decimate(Sampled):
    """One sample of each block: x[0], x[D], x[2 D], ... for the factor D. [arXiv 2503.21242]

    The aperture stays; of the signal's energy 1 / D is left.
    """

    kind: Literal["decimate"] = "decimate"

    def kept(self, length: int, factor: int) -> int:
        """The first sample of an unfinished block counts too."""
        return -(-length // factor)

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """Rows of the identity."""
        from semcom_estimation.sensing.compression.sampling import decimation

        return tuple(decimation(length, factor) for length, factor in zip(model.shape, self.of(model), strict=True))

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """A slice."""
        import numpy as np

        kept = tensor[tuple(slice(None, None, factor) for factor in self.of(model))]
        return Compressed(kept.astype(np.complex128)[..., None], self.maps(model))

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """Exact, with the energy that other modes lose: about the root of the product of all factors."""
        from semcom_estimation.sensing.compression.sampling import joint_growth

        return joint_growth(self.maps(model), model.views)
