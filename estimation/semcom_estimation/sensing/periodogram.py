"""Periodograms over the fields of view by fast Fourier transforms."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import fft

from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import Response


class Periodogram:
    """|a* y|^2 at frequencies `padding` to a resolution bin 1 / N, over the fields of view or others.

    The narrowest view is transformed first and cut before the next mode is, so that later transforms are fewer.
    """

    def __init__(
        self,
        model: SignalModel,
        padding: float,
        windows: Sequence[np.ndarray] | None = None,
        views: Sequence[Interval] | None = None,
    ) -> None:
        self.shape = model.shape
        self.sizes = tuple(int(fft.next_fast_len(math.ceil(padding * length))) for length in self.shape)
        places = [_places(size, *view) for size, view in zip(self.sizes, views or model.views, strict=True)]
        self.frequencies = tuple(place / size for place, size in zip(places, self.sizes, strict=True))
        """Of each mode, `[point]`, rising."""
        self.whole = tuple(len(place) == size for place, size in zip(places, self.sizes, strict=True))
        """Which views are all the frequencies there are, so that the last point is beside the first."""
        self.windows = windows
        self._indices = tuple(place % size for place, size in zip(places, self.sizes, strict=True))
        kept = [len(place) / length for place, length in zip(places, self.shape, strict=True)]
        self._order = sorted(range(len(kept)), key=lambda axis: kept[axis])

    def spectrum(self, tensor: np.ndarray) -> np.ndarray:
        """a* y at each point, `[point of each mode ...]`, in the tensor's precision; phases count from the middle."""
        for axis in self._order:
            if self.windows is not None:
                tensor = tensor * self._beside(self.windows[axis].astype(tensor.real.dtype), axis)
            tensor = self._transformed(tensor, axis)
        return tensor

    def spectra(self, responses: Sequence[Response]) -> list[np.ndarray]:
        """The same of steering vectors, `[point, target]` for each mode."""
        return [self._line(response.values, axis) for axis, response in enumerate(responses)]

    def peak(self, power: np.ndarray) -> np.ndarray:
        """The frequencies of the largest power, `[mode]`, between points by parabolas."""
        return self.between(power, np.unravel_index(int(np.argmax(power)), power.shape))

    def between(self, power: np.ndarray, place: Sequence[int | np.intp]) -> np.ndarray:
        """The frequencies near a place where a parabola through neighbours of log power peaks, `[mode]`."""
        found = np.empty(power.ndim)
        for axis, points in enumerate(self.frequencies):
            if len(points) < 3:
                found[axis] = points[place[axis]]
                continue
            middle = int(place[axis]) if self.whole[axis] else min(max(int(place[axis]), 1), len(points) - 2)
            near = np.arange(middle - 1, middle + 2) % len(points)
            line = power[(*place[:axis], near, *place[axis + 1 :])].astype(float)
            early, top, late = np.log(np.maximum(line, 1e-300))
            bend = early - 2.0 * top + late
            off = 0.0 if bend >= 0.0 else float(np.clip(0.5 * (early - late) / bend, -1.0, 1.0))
            found[axis] = points[middle] + off * (points[1] - points[0])
        return found

    def _line(self, values: np.ndarray, axis: int) -> np.ndarray:
        if self.windows is not None:
            values = values * self.windows[axis][:, None]
        whole = fft.fft(values, self.sizes[axis], axis=0, workers=1)[self._indices[axis]]
        return np.asarray(whole * self._turn(axis)[:, None])

    def _transformed(self, tensor: np.ndarray, axis: int) -> np.ndarray:
        whole = fft.fft(tensor, self.sizes[axis], axis=axis, workers=1)
        cut = np.take(whole, self._indices[axis], axis=axis)
        cut *= self._beside(self._turn(axis).astype(cut.dtype), axis)
        return np.asarray(cut)

    def _turn(self, axis: int) -> np.ndarray:
        return np.asarray(np.exp(1j * np.pi * (self.shape[axis] - 1) * self.frequencies[axis]))

    def _beside(self, values: np.ndarray, axis: int) -> np.ndarray:
        return values.reshape(-1, *[1] * (len(self.shape) - 1 - axis))


def squared(spectrum: np.ndarray) -> np.ndarray:
    """|.|^2."""
    return np.asarray(spectrum.real**2 + spectrum.imag**2)


def _places(size: int, low: float, high: float) -> np.ndarray:
    """Points of a transform of some size in a view, with one beyond each end, and no point twice; 2 at least."""
    first, last = math.ceil(low * size) - 1, math.floor(high * size) + 1
    return np.arange(first, min(last, first + size - 1) + 1)
