"""Averages of blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.compression.sampled import Sampled
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.steering import ModeMap

TURN = 1.0 / 3.0  # cycles over a block, at the far end of the field of view, that chosen factors allow


class Average(Sampled):
    """Sums of D neighbours over the root of D, so that noise stays as it is. [arXiv 2503.21242]

    A tone of the frequency f keeps |sin(pi f D) / (D sin(pi f))|^2 of its energy: almost all near f = 0, none at 1 / D.
    """

    kind: Literal["average"] = "average"

    def largest(self, view: tuple[float, float]) -> int:
        """A third of a cycle in a block at most: tones lose 32 % of their energy there."""
        return int(min(TURN / max(-view[0], view[1]), 1.0 / (view[1] - view[0])) + 1e-9)

    def complaint(self, view: tuple[float, float], factor: int) -> str | None:
        """Up to half a cycle in a block tones are heard, and unambiguous."""
        turn = factor * max(-view[0], view[1])
        if factor == 1 or turn <= 0.5 + 1e-9:
            return None
        return f"averages over {turn:.2g} cycles at the end of its field of view; expected 0.5 at most"

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """Blocks; an unfinished one at the end is left out."""
        from semcom_estimation.sensing.compression.sampling import averages

        return tuple(averages(length, factor) for length, factor in zip(model.shape, self.of(model), strict=True))

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """Products with the maps, the cheapest first."""
        from semcom_estimation.sensing.compression.maps import compressed_by

        maps = self.maps(model)
        return Compressed(compressed_by(tensor, maps)[..., None], maps)

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """Exact, with the energy that other modes lose."""
        from semcom_estimation.sensing.compression.sampling import joint_growth

        return joint_growth(self.maps(model), model.views)
