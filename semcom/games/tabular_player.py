"""Policies of finitely many states."""

from functools import lru_cache

import numpy as np

from semcom.coupling import Masses, to_masses


class TabularPlayer:
    """A policy by its table."""

    def __init__(self, probabilities: np.ndarray) -> None:
        """`probabilities` is `[step, state, action]`; the last step stands for all later ones."""
        self.probabilities = probabilities
        self.actions = probabilities.shape[2]
        self._law = lru_cache(maxsize=65_536)(self._masses)

    def law(self, step: int, observation: int) -> Masses:
        """The row of the table."""
        return self._law(min(step, len(self.probabilities) - 1), int(observation))

    def _masses(self, step: int, state: int) -> Masses:
        return to_masses(self.probabilities[step, state], f"policy in state {state}")
