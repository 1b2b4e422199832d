"""Targets one at a time, each from what the others leave."""

from functools import reduce

import numpy as np

from semcom_estimation.sensing.contraction import contracted, outer
from semcom_estimation.sensing.detection import energy_of, needed, ratio
from semcom_estimation.sensing.least_squares import responses_of, short_bins
from semcom_estimation.sensing.one_tone import one_tone
from semcom_estimation.sensing.periodogram import Periodogram, squared
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import steering

LEAST = 1e-9  # of steps that change nothing: no way is so slow
ROUNDING = float(np.finfo(float).eps)


class Paths:
    """Targets of a tensor: `frequencies [target, mode]`, `gains [target]` at its middle.

    What other targets add to a correlation of the tensor follows from products of steering vectors.
    """

    def __init__(self, tensor: np.ndarray, model: SignalModel, padding: float, rounds: int) -> None:
        self.tensor, self.model, self.rounds = tensor, model, rounds
        self.search = Periodogram(model, padding)
        self.spectrum = self.search.spectrum(tensor)
        self.frequencies = np.zeros((0, len(model.shape)))
        self.gains = np.zeros(0, complex)
        self.heard = np.zeros(0, complex)  # a* y of each target's atom a
        self.tones = [np.zeros((length, 0), complex) for length in model.shape]
        self.energy = energy_of(tensor)

    def of(self, targets: int) -> np.ndarray:
        """Frequencies of as many targets as are said: each taken off what is left, then all maximised in turn."""
        for _ in range(targets):
            self._add()
        return self.alternated()

    def unknown(self, false_alarm: float, most: int, noise_variance: float | None) -> np.ndarray:
        """Frequencies of as many as pass what noise alone reaches, all of them in turn after each new one."""
        limit = needed(self.model, false_alarm)
        while len(self.gains) < most:
            free, left = self.model.size - len(self.gains), self._left()
            self._add()
            explained = abs(self.gains[-1]) ** 2 * self.model.size
            if ratio(explained, left, free, noise_variance) < limit:
                self.frequencies, self.gains, self.heard = self.frequencies[:-1], self.gains[:-1], self.heard[:-1]
                self.tones = [tone[:, :-1] for tone in self.tones]
                break
            self.alternated()
        return self.frequencies

    def alternated(self) -> np.ndarray:
        """Frequencies after rounds of expectation and maximisation, until what is left of the way is short.

        Steps shrink by a factor r from round to round, so that a step s leaves r / (1 - r) s to go. Rounds that explain
        no more than rounding lead nowhere.
        """
        bins, longest, left = np.array(self.model.shape, float), np.inf, np.inf
        for _ in range(self.rounds if len(self.gains) else 0):
            before, last, more = self.frequencies.copy(), longest, left
            for target in range(len(self.gains)):
                for mode in range(len(bins)):
                    self._maximise(target, mode)
            left, steps = self._left(), np.abs(self.frequencies - before) * bins
            longest = float(np.max(steps / short_bins(self.model, self.gains, left)))
            if longest <= max(1.0 - longest / last, LEAST) or abs(more - left) <= ROUNDING * self.energy:
                break
        return self.frequencies

    def _add(self) -> None:
        """A target at the largest peak of what is left, each mode maximised once."""
        found = self.search.peak(squared(self._left_spectrum()))
        self.frequencies = np.vstack([self.frequencies, found])
        self.gains, self.heard = np.append(self.gains, 0.0), np.append(self.heard, 0.0)
        columns = [steering(len(tone), found[mode : mode + 1]).values for mode, tone in enumerate(self.tones)]
        self.tones = [np.hstack(pair) for pair in zip(self.tones, columns, strict=True)]
        for mode in range(len(found)):
            self._maximise(len(self.gains) - 1, mode)

    def _left_spectrum(self) -> np.ndarray:
        """Spectrum of what the targets leave."""
        if not len(self.gains):
            return self.spectrum
        lines = self.search.spectra(responses_of(self.model, self.frequencies))
        return np.asarray(self.spectrum - outer([line.astype(self.spectrum.dtype) for line in lines], self.gains))

    def _maximise(self, target: int, mode: int) -> None:
        """The best frequency of one mode, the target's other ones as they are, and the gain that goes with it."""
        others = np.delete(np.arange(len(self.gains)), target)
        atoms = [None if m == mode else tone[:, target].conj()[None] for m, tone in enumerate(self.tones)]
        heard = contracted(self.tensor, atoms).reshape(-1)
        shares = [atom @ tone[:, others] for atom, tone in zip(atoms, self.tones, strict=True) if atom is not None]
        weights = reduce(np.multiply, shares, self.gains[None, others])[0]
        clean = heard - self.tones[mode][:, others] @ weights
        frequency = one_tone(clean, self.model.views[mode])
        tone = steering(len(clean), np.array([frequency])).values[:, 0]
        self.frequencies[target, mode] = frequency
        self.gains[target] = np.vdot(tone, clean) / self.model.size
        self.heard[target] = np.vdot(tone, heard)
        self.tones[mode][:, target] = tone

    def _left(self) -> float:
        """|y - A g|^2, the energy that the targets leave."""
        atoms = reduce(np.multiply, [tone.conj().T @ tone for tone in self.tones])
        crossed = 2.0 * np.vdot(self.gains, self.heard) - np.vdot(self.gains, atoms @ self.gains)
        return max(self.energy - float(np.real(crossed)), 0.0)
