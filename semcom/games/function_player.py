"""Policies by a function of one's own."""

from collections.abc import Callable
from typing import Any

import numpy as np

from semcom.coupling import Masses, to_masses
from semcom.errors import UserError


class FunctionPlayer:
    """pi(. | s) is what a function says of an observation: `[action]` probabilities, the same each time it is asked.

    player = FunctionPlayer(lambda observation: [0.5, 0.5], actions=2)
    """

    def __init__(self, function: Callable[[Any], Any], actions: int) -> None:
        self._function = function
        self.actions = actions

    def law(self, step: int, observation: Any) -> Masses:
        """The masses of its probabilities; raises UserError where they are none, or too few or too many."""
        try:
            said = np.asarray(self._function(observation), np.float64)
        except Exception as error:  # of whatever class: the function is the user's
            told = f"{type(error).__name__}: {error}"
            raise UserError(f"policy: the function fails for the observation {observation}: {told}") from error
        if said.shape != (self.actions,):
            raise UserError(
                f"policy: the function says {said.tolist()} of the observation {observation}; expected "
                f"{self.actions} probabilities, one for each action"
            )
        return to_masses(said, f"policy for the observation {observation}")
