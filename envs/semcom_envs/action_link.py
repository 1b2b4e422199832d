"""What a receiver learns of an action: it sees it, or hears of it through a noisy channel."""

from typing import Protocol

import numpy as np
import numpy.typing as npt


class ActionLink(Protocol):
    """Carries actions from sender to receiver."""

    def likelihoods(
        self, actions: npt.NDArray[np.int64], count: int, rng: np.random.Generator
    ) -> npt.NDArray[np.float64]:
        """How likely what is received is under each of `count` actions, up to a factor: [batch, action]."""


class Noiseless:
    """The receiver sees each action."""

    def likelihoods(
        self, actions: npt.NDArray[np.int64], count: int, rng: np.random.Generator
    ) -> npt.NDArray[np.float64]:
        """One for the action, zero for the others: [batch, action]."""
        return np.eye(count)[actions]
