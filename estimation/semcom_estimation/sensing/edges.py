"""On which side of the ends of the fields of view targets are."""

import numpy as np

from semcom_estimation.sensing.signal_model import SignalModel

ROUNDING = 1e-12  # cycles a sample


class Edges:
    """The ends of a model's fields of view. Frequencies count modulo 1, as near as possible to the middle of a view."""

    def __init__(self, model: SignalModel) -> None:
        self._low, self._high = np.array(model.views).T
        self._middle, self._half = (self._low + self._high) / 2.0, (self._high - self._low) / 2.0

    def wrapped(self, frequencies: np.ndarray) -> np.ndarray:
        """The same tones, `[target, mode]`."""
        return np.asarray(frequencies - np.rint(frequencies - self._middle))

    def beyond(self, frequencies: np.ndarray) -> np.ndarray:
        """Cycles a sample by which each is outside, `[target, mode]`; 0 inside."""
        apart = frequencies - self._middle
        apart = np.abs(apart - np.rint(apart)) - self._half
        return np.asarray(np.where(apart > ROUNDING, apart, 0.0))

    def outside(self, frequencies: np.ndarray) -> np.ndarray:
        """Whether each target is outside in some mode, `[target]`."""
        return np.asarray((self.beyond(frequencies) > 0.0).any(axis=1))

    def clipped(self, frequencies: np.ndarray) -> np.ndarray:
        """Those outside at the nearest end."""
        return np.asarray(np.clip(self.wrapped(frequencies), self._low, self._high))
