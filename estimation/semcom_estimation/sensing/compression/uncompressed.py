"""No compression."""

from typing import Literal

from semcom_estimation.sensing.compression.compression import LinearCompression
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap


class Uncompressed(LinearCompression):
    """All samples stay."""

    kind: Literal["none"] = "none"

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """Each is the identity."""
        return tuple(ModeMap(length) for length in model.shape)
