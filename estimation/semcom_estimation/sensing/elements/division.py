"""Division by what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.elements.element import Element

if TYPE_CHECKING:
    import numpy as np


class Division(Element):
    """Y / X, exact without noise; its noise N0 mean(1 / |X|^2) is white for constant modulus alone. [Sturm 2011]"""

    kind: Literal["division"] = "division"

    def weights(self, powers: np.ndarray, signal: float, noise_power: float) -> np.ndarray:
        """1 / |X|^2."""
        return 1.0 / powers
