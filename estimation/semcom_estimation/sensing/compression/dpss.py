"""Compression to the field of view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.compression.compression import LinearCompression
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    from semcom_estimation.sensing.steering import ModeMap


class Dpss(LinearCompression):
    """Discrete prolate spheroidal sequences: the subspace that best holds tones in the field of view. [Slepian 1978]

    As few as leave almost all of a lone target's Fisher information, wherever it is in the view.
    """

    kind: Literal["dpss"] = "dpss"
    growth_allowed: Annotated[float, Field(gt=1.0, le=2.0)] = 1.01
    """How much larger the root of the Cramer-Rao bound may get at worst."""

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """One for each mode; modes that would not shrink stay as they are."""
        from semcom_estimation.sensing.compression.slepian import slepian_map

        sizes = zip(model.shape, model.views, strict=True)
        return tuple(slepian_map(length, view, self.growth_allowed) for length, view in sizes)
