"""No compression."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom_estimation.sensing.compression.compression import LinearCompression
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    from semcom_estimation.sensing.steering import ModeMap


class Uncompressed(LinearCompression):
    """All samples stay."""

    kind: Literal["none"] = "none"
    keeps_tones: ClassVar[bool] = True

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """Each is the identity."""
        from semcom_estimation.sensing.steering import ModeMap

        return tuple(ModeMap(length) for length in model.shape)
