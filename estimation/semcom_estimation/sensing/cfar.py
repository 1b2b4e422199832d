"""Maps of power over angle, range and Doppler shift, and their peaks above the noise around them."""

import math
from collections.abc import Callable

import numpy as np
from scipy import ndimage

from semcom_estimation.sensing.contraction import contracted
from semcom_estimation.sensing.detection import needed
from semcom_estimation.sensing.least_squares import responses_of
from semcom_estimation.sensing.modes import Line
from semcom_estimation.sensing.periodogram import Periodogram, squared
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import at_first

WINDOWS: dict[str, Callable[[int], np.ndarray]] = {
    "rectangular": np.ones,
    "hann": np.hanning,
    "hamming": np.hamming,
    "blackman": np.blackman,
}


class RadarMap:
    """A windowed periodogram of all modes; across an array it is one beam after the other."""

    def __init__(self, tensor: np.ndarray, model: SignalModel, window: str, lobe: float, padding: float) -> None:
        self.tensor, self.model, self.lobe = tensor, model, lobe
        self.windows = [_window(window, length) for length in model.shape]
        self.search = Periodogram(model, padding, self.windows)
        self.power = squared(self.search.spectrum(tensor))
        sizes = zip(self.search.sizes, model.shape, strict=True)
        self.points_per_bin = [size / length for size, length in sizes]
        self.edges = ["wrap" if whole else "nearest" for whole in self.search.whole]

    def peaks(self) -> np.ndarray:
        """Places that nothing exceeds within half a main lobe, `[peak, mode]`, the strongest first."""
        reach = [max(round(self.lobe / 2.0 * points), 1) for points in self.points_per_bin]
        highest = ndimage.maximum_filter(self.power, [2 * one + 1 for one in reach], mode=self.edges)
        places = np.argwhere((self.power == highest) & (self.power > 0.0))
        return np.asarray(places[np.argsort(-self.power[tuple(places.T)], kind="stable")])

    def detected(
        self, peaks: np.ndarray, training_bins: float, false_alarm: float, noise_variance: float | None
    ) -> np.ndarray:
        """Those above the threshold, `[peak, mode]`."""
        limit = needed(self.model, false_alarm)
        if noise_variance is not None:
            level = np.full(len(peaks), limit * noise_variance * self._noise_gain())
        else:
            mean, cells = self.surroundings(training_bins)
            level = cells * math.expm1(limit / cells) * mean[tuple(peaks.T)]
        return np.asarray(peaks[self.power[tuple(peaks.T)] > level])

    def surroundings(self, training_bins: float) -> tuple[np.ndarray, float]:
        """Mean power around each point, beyond the main lobe, and how many independent cells it is taken over.

        Within a beam alone, where there are modes of range or Doppler shift.
        """
        modes = self.model.modes
        inside = [axis for axis, mode in enumerate(modes) if not isinstance(mode, Line)] or list(range(len(modes)))
        guard, whole, correlated = [1] * len(modes), [1] * len(modes), 1.0
        for axis in inside:
            most = (self.power.shape[axis] - 1) // 2
            lobe = math.ceil(self.lobe * self.points_per_bin[axis])
            guard[axis] = 2 * min(lobe, most) + 1
            whole[axis] = 2 * min(lobe + math.ceil(training_bins * self.points_per_bin[axis]), most) + 1
            correlated *= self.points_per_bin[axis] * _noise_bandwidth(self.windows[axis])
        outer, hole = math.prod(whole), math.prod(guard)
        if outer == hole:  # no room around a lobe: all there is
            return np.full(self.power.shape, self.power.mean()), max(self.power.size / correlated, 1.0)
        power = self.power.astype(float)
        total = outer * ndimage.uniform_filter(power, whole, mode=self.edges)
        total -= hole * ndimage.uniform_filter(power, guard, mode=self.edges)
        return np.maximum(total, 0.0) / (outer - hole), max((outer - hole) / correlated, 1.0)

    def frequencies(self, peaks: np.ndarray) -> np.ndarray:
        """Between points, `[target, mode]`."""
        found = [self.search.between(self.power, tuple(place)) for place in peaks]
        return np.array(found).reshape(len(peaks), self.power.ndim)

    def gains(self, frequencies: np.ndarray) -> np.ndarray:
        """Of each target as if it were alone, `[target]` at the first sample."""
        found = np.empty(len(frequencies), complex)
        for place, one in enumerate(frequencies):
            tones = [response.values[:, 0] for response in responses_of(self.model, one[None])]
            rows = [(w * tone.conj() / w.sum())[None] for w, tone in zip(self.windows, tones, strict=True)]
            found[place] = contracted(self.tensor, rows).item()
        return at_first(found, frequencies, self.model.shape)

    def noise_variance(self) -> float:
        """From the median of the map, which targets hardly move: that of an exponential law is its mean times ln 2."""
        return float(np.median(self.power)) / math.log(2.0) / self._noise_gain()

    def _noise_gain(self) -> float:
        """Power of the map for noise of unit variance."""
        return math.prod(float(np.sum(window**2)) for window in self.windows)


def _window(name: str, length: int) -> np.ndarray:
    """Symmetric, without the zeros at the ends of a Hann window."""
    return np.asarray(WINDOWS[name](length + 2)[1:-1])


def _noise_bandwidth(window: np.ndarray) -> float:
    """In bins; 1 for equal weights. [Harris 1978]"""
    return float(len(window) * np.sum(window**2) / np.sum(window) ** 2)
