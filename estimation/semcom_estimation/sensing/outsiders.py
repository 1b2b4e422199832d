"""The whole tensor at all frequencies: what lies outside of the fields of view, and targets beside it."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.compression.maps import compressed_by
from semcom_estimation.sensing.compression.windows import widened
from semcom_estimation.sensing.contraction import outer
from semcom_estimation.sensing.detection import energy_of, ratio
from semcom_estimation.sensing.edges import Edges
from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.gauss_newton import Fit, fitted, refined
from semcom_estimation.sensing.least_squares import responses_of
from semcom_estimation.sensing.periodogram import Periodogram, squared
from semcom_estimation.sensing.pursuit import COARSE, OUTSIDERS, Pursuit, Rule, fitted_nothing, rounding_of
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap

CIRCLE = (-0.5, 0.5)
HEARD = 0.25  # of a peak's energy that a fit must explain; a compression learnt from the data may not keep it
PADDED = 1 << 16  # points of a transform twice as long in each mode: between points of one, two tones hide each other


class WholeField:
    """Peaks of one Fourier transform of the whole tensor, one after the other, wherever they are.

    Each outside of a field of view gets a window in what the compression keeps of that mode, so that all targets can be
    fitted together in a small tensor. When nothing stands out any more, or what does lies where the compression hears
    nothing, the view is searched as always.
    """

    def __init__(self, tensor: np.ndarray, model: SignalModel, maps: Sequence[ModeMap], rule: Rule) -> None:
        self.tensor, self.model, self.maps, self.rule = tensor, model, tuple(maps), rule
        self.edges = Edges(model)
        views = (CIRCLE,) * len(model.modes)
        padding = 2.0 if model.size * 2 ** len(views) <= PADDED else 1.0
        self.search = Periodogram(model, padding, views=views)
        self.spectrum = self.search.spectrum(tensor)
        self.rounding = rounding_of(tensor, rule.precision)
        self.needed = threshold([ModeMap(length) for length in model.shape], views, rule.false_alarm)
        self._inside = [self._of_view(axis) for axis in range(len(model.modes))]

    def searched(self, per_bin: float | None) -> tuple[Pursuit, Fit]:
        """The search of the view beside all that stands out, and its fit."""
        fit = fitted_nothing(len(self.model.modes))
        small = self._kept(fit.frequencies)
        power = squared(self._left(fit))
        while len(fit.gains) < self.rule.most + OUTSIDERS:
            energy = self._energy(power)
            peak = self._peak(power, energy, fit)
            if peak is None:
                break
            frequencies = self.edges.wrapped(np.vstack([fit.frequencies, peak]))
            wider = self._kept(frequencies)
            more = self._fitted(wider, frequencies)
            asked = HEARD * float(power.max()) / self.model.size
            power = squared(self._left(more))
            if energy - self._energy(power) < asked:
                break
            small, fit = wider, more
        pursuit = Pursuit(small, self.model, per_bin, self.rule, whole=True)
        return pursuit, pursuit.searched(fit)

    def _energy(self, power: np.ndarray) -> float:
        """Of the tensor that has a spectrum of that power."""
        return float(power.sum(dtype=float)) / float(np.prod(self.search.sizes))

    def _peak(self, power: np.ndarray, energy: float, fit: Fit) -> np.ndarray | None:
        """Where most is left, `[mode]`; None when it may be noise. Inside only while targets are missing there.

        Else the view is blanked in `power`.
        """
        known = self.rule.targets
        if known is not None and np.sum(~self.edges.outside(fit.frequencies)) >= known:
            power[np.ix_(*self._inside)] = 0.0
        gain = float(power.max()) / self.model.size
        free, variance = self.model.size - len(fit.gains), self.rule.noise_variance
        if variance is not None:
            variance = max(variance, self.rounding / self.model.size)
        if ratio(gain, max(energy, self.rounding), free, variance) < self.needed:
            return None
        return self.search.peak(power)

    def _left(self, fit: Fit) -> np.ndarray:
        """The spectrum of what a fit leaves."""
        if not len(fit.gains):
            return self.spectrum
        lines = self.search.spectra(responses_of(self.model, fit.frequencies))
        return np.asarray(self.spectrum - outer([line.astype(self.spectrum.dtype) for line in lines], fit.gains))

    def _kept(self, frequencies: np.ndarray) -> Compressed:
        """What the compression keeps, with windows."""
        beyond = self.edges.beyond(frequencies) > 0.0
        maps = tuple(widened(one, frequencies[beyond[:, axis], axis]) for axis, one in enumerate(self.maps))
        return Compressed(compressed_by(self.tensor, maps)[..., None], maps)

    def _fitted(self, small: Compressed, frequencies: np.ndarray) -> Fit:
        tensor = small.tensor[..., 0]
        return refined(tensor, small.maps, fitted(tensor, small.maps, frequencies), energy_of(tensor), COARSE)

    def _of_view(self, axis: int) -> np.ndarray:
        """Points of the transform in a field of view."""
        low, high = self.model.views[axis]
        points = self.search.frequencies[axis]
        middle = (low + high) / 2.0
        apart = np.abs(points - middle - np.round(points - middle))
        return np.flatnonzero(apart <= (high - low) / 2.0)
