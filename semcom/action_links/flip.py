"""Actions that become others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.action_links.link import ActionLink
from semcom_channels.channel import Probability

if TYPE_CHECKING:
    import numpy as np


class FlipLink(ActionLink):
    """The symmetric channel: an action becomes each other one with probability p / (count - 1).

    An only action stays what it is. [Cover & Thomas 2006, section 7.2]
    """

    kind: Literal["flip"] = "flip"
    cites: ClassVar[tuple[str, ...]] = ("cover2006",)
    flip_probability: Probability = 0.1
    """p, the chance that an action becomes another."""

    def law(self, count: int) -> np.ndarray:
        """1 - p on the diagonal, p / (count - 1) elsewhere."""
        import numpy as np

        if count == 1:
            return np.ones((1, 1))
        others = np.full((count, count), self.flip_probability / (count - 1))
        np.fill_diagonal(others, 1.0 - self.flip_probability)
        return others
