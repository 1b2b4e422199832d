"""On which side of the ends of the fields of view targets are."""

import numpy as np

from semcom_estimation.sensing.signal_model import SignalModel

ROUNDING = 1e-12  # cycles a sample


class Edges:
    """The ends of a model's fields of view. Frequencies count modulo 1, as near as possible to the middle of a view."""

    def __init__(self, model: SignalModel) -> None:
        self._model = model
        self._low, self._high = np.array(model.views).T

    def wrapped(self, frequencies: np.ndarray) -> np.ndarray:
        """The same tones, `[target, mode]`."""
        return self._model.inside(frequencies)

    def beyond(self, frequencies: np.ndarray) -> np.ndarray:
        """Cycles a sample by which each is outside, `[target, mode]`; 0 inside."""
        places = self.wrapped(frequencies)
        apart = np.maximum(places - self._high, self._low - places)
        return np.asarray(np.where(apart > ROUNDING, apart, 0.0))

    def outside(self, frequencies: np.ndarray) -> np.ndarray:
        """Whether each target is outside in some mode, `[target]`."""
        return np.asarray(np.any(self.beyond(frequencies) > 0.0, axis=1))

    def clipped(self, frequencies: np.ndarray) -> np.ndarray:
        """Those outside at the nearest end."""
        return np.asarray(np.clip(self.wrapped(frequencies), self._low, self._high))
