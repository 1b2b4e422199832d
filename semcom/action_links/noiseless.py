"""No noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.action_links.link import ActionLink

if TYPE_CHECKING:
    import numpy as np


class NoiselessLink(ActionLink):
    """The receiver sees each action: P(seen | action) = 1 where they are equal."""

    kind: Literal["noiseless"] = "noiseless"

    def law(self, count: int) -> np.ndarray:
        """The unit matrix."""
        import numpy as np

        return np.eye(count)

    def receive(self, actions: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """One for the action that was sent; nothing is drawn."""
        import numpy as np

        return np.asarray(np.eye(count)[actions])
