"""No targets."""

from typing import Literal

import numpy as np

from semcom.scenes.scene import Scene, Truth
from semcom_estimation.sensing.signal_model import SignalModel


class Silence(Scene):
    """Noise alone, for false alarms."""

    kind: Literal["silence"] = "silence"

    def count(self) -> int:
        """None."""
        return 0

    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """No targets."""
        return Truth(np.zeros((0, len(model.modes))), np.zeros(0, complex))
