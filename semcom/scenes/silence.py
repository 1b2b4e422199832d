"""No targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.scenes.scene import Scene, Truth
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class Silence(Scene):
    """Noise alone, for false alarms."""

    kind: Literal["silence"] = "silence"

    def count(self) -> int:
        """None."""
        return 0

    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """No targets."""
        import numpy as np

        return Truth(np.zeros((0, len(model.modes))), np.zeros(0, complex))
