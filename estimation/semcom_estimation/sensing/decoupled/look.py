"""One mode of a tensor as estimators of one mode see it."""

from functools import cached_property

import numpy as np

from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap, Response

MARGIN = 0.5  # bins beyond the field of view where an estimate still counts as one at its end
SAME = 1e-9  # bins


class Look:
    """An unfolding, its covariance and its eigenvectors."""

    def __init__(
        self, unfolding: np.ndarray, one: ModeMap, view: Interval, forward_backward: bool, smoothing: int
    ) -> None:
        self.data = unfolding
        self.map = one
        self.view = view
        tones = one.step is not None
        self.forward_backward = forward_backward and tones
        self.shifts = min(smoothing, max(len(unfolding) - 1, 1)) if tones else 1
        self.length = len(unfolding) - self.shifts + 1
        """Samples of a sub-array."""
        self.snapshots = unfolding.shape[1] * self.shifts

    @cached_property
    def covariance(self) -> np.ndarray:
        """`[length, length]`: x x* averaged over snapshots, sub-arrays and, if asked for, both directions."""
        whole = self.data @ self.data.conj().T / self.data.shape[1]
        size = self.length
        mean = sum(whole[at : at + size, at : at + size] for at in range(self.shifts)) / self.shifts
        if self.forward_backward:
            mean = (mean + mean[::-1, ::-1].conj()) / 2.0
        return np.asarray(mean)

    @cached_property
    def _eigen(self) -> tuple[np.ndarray, np.ndarray]:
        values, vectors = np.linalg.eigh(self.covariance)
        return values[::-1], vectors[:, ::-1]

    @property
    def values(self) -> np.ndarray:
        """Eigenvalues of the covariance, the largest first."""
        return self._eigen[0]

    def signal(self, order: int) -> np.ndarray:
        """The signal subspace, `[length, order]`."""
        return self._eigen[1][:, :order]

    def least(self, order: int) -> int:
        """The order, or what leaves one noise eigenvector."""
        return min(order, self.length - 1)

    def unit(self, frequencies: np.ndarray) -> Response:
        """What a sub-array has of tones, of unit length, `[length, frequency]`; slopes are at right angles to it."""
        values, slopes = (part[: self.length] for part in self.map.respond(frequencies))
        size = np.linalg.norm(values, axis=0)
        values, slopes = values / size, slopes / size
        return Response(values, slopes - values * np.real(np.sum(values.conj() * slopes, axis=0)))

    def grid(self, per_bin: float) -> np.ndarray:
        """Frequencies over the field of view, `per_bin` to a resolution bin 1 / N of the mode."""
        low, high = self.view
        return np.linspace(low, high, max(int(np.ceil((high - low) * self.map.length * per_bin)) + 1, 3))

    def of_turns(self, turns: np.ndarray) -> np.ndarray:
        """Cycles per sample of the mode, from cycles per kept sample: those nearest to the middle of the view."""
        step = self.map.step or 1
        middle = (self.view[0] + self.view[1]) / 2.0
        frequencies = turns / step
        return np.asarray(frequencies - np.round((frequencies - middle) * step) / step)

    def is_inside(self, frequencies: np.ndarray) -> np.ndarray:
        """Whether they are in the field of view, or half a bin from it."""
        margin = MARGIN / self.map.length
        return np.asarray((frequencies > self.view[0] - margin) & (frequencies < self.view[1] + margin))

    def inside(self, frequencies: np.ndarray) -> np.ndarray:
        """Those in the field of view, each once; the nearest to it where all are outside."""
        within = frequencies[self.is_inside(frequencies)]
        if not len(within):
            middle = (self.view[0] + self.view[1]) / 2.0
            within = frequencies[np.argsort(np.abs(frequencies - middle))][:1]
        ordered = np.sort(np.clip(within, *self.view))
        apart = np.diff(ordered, prepend=-np.inf) * self.map.length > SAME
        return np.asarray(ordered[apart])
