"""Adam. [Kingma & Ba 2015, algorithm 1]"""

import numpy as np

FIRST, SECOND, LEAST = 0.9, 0.999, 1e-8
"""How much of the mean of slopes and of their squares stays in each step, and what is added to the root."""


class Adam:
    """Steps upwards along slopes, each entry by its own scale."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._mean, self._square = np.zeros(shape), np.zeros(shape)
        self._steps = 0

    def step(self, slope: np.ndarray, rate: float) -> np.ndarray:
        """What to add."""
        self._steps += 1
        self._mean += (1.0 - FIRST) * (slope - self._mean)
        self._square += (1.0 - SECOND) * (slope * slope - self._square)
        mean = self._mean / (1.0 - FIRST**self._steps)
        square = self._square / (1.0 - SECOND**self._steps)
        return np.asarray(rate * mean / (np.sqrt(square) + LEAST))
