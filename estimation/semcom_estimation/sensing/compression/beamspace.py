"""Beams over the field of view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.compression.compression import LinearCompression
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    from semcom_estimation.sensing.steering import ModeMap


class Beamspace(LinearCompression):
    """Rows of the unitary DFT, exp(-2 pi j b n / N) / sqrt(N), whose beams b / N cover the field of view.

    [Zoltowski, Kautz & Silverstein 1993]
    """

    kind: Literal["beamspace"] = "beamspace"
    spare: Annotated[int, Field(ge=0, le=64)] = 2
    """Beams beyond either end of the field of view."""

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """One for each mode; modes that would not shrink stay as they are."""
        from semcom_estimation.sensing.compression.sampling import beams

        return tuple(beams(length, view, self.spare) for length, view in zip(model.shape, model.views, strict=True))

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """Exact, with the energy that other modes lose."""
        from semcom_estimation.sensing.compression.sampling import joint_growth

        return joint_growth(self.maps(model), model.views)
