"""Newtonised orthogonal matching pursuit on a whole tensor."""

from functools import reduce
from typing import NamedTuple, Self

import numpy as np

from semcom_estimation.sensing.contraction import contracted, outer
from semcom_estimation.sensing.detection import energy_of, needed, ratio
from semcom_estimation.sensing.gauss_newton import Fit, fitted, refined
from semcom_estimation.sensing.least_squares import responses_of, too_coarse
from semcom_estimation.sensing.periodogram import Periodogram, squared
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap

LONGEST_STEP = 0.25  # of a resolution bin
COARSE, FINE = 1e-2, 1e-10  # accuracy of joint steps while targets are still missing, and at the end


class Taylor(NamedTuple):
    """A correlation c(f) = a(f)* r to second order around a frequency."""

    value: complex
    slopes: np.ndarray
    """`[mode]`."""
    curves: np.ndarray
    """`[mode, mode]`."""

    @classmethod
    def of(cls, moments: np.ndarray) -> Self:
        """From correlations with derivatives of each order 0, 1, 2 in each mode, `[3, 3, ...]`."""
        unit = np.eye(moments.ndim, dtype=int)
        slopes = np.array([moments[tuple(one)] for one in unit])
        curves = np.array([[moments[tuple(one + other)] for other in unit] for one in unit])
        return cls(complex(moments.flat[0]), slopes, curves)

    def ascent(self, bins: np.ndarray) -> np.ndarray:
        """A Newton step uphill on |c|^2, `[mode]`; where that is not concave, the step near a lone peak."""
        slope = 2.0 * np.real(np.conj(self.value) * self.slopes)
        curve = 2.0 * np.real(np.outer(self.slopes.conj(), self.slopes) + np.conj(self.value) * self.curves)
        if np.linalg.eigvalsh(curve / np.outer(bins, bins))[-1] < 0.0:
            step = -np.linalg.solve(curve, slope)
        else:
            lone = 2.0 * abs(self.value) ** 2 * (2.0 * np.pi) ** 2 * (bins**2 - 1.0) / 12.0
            step = slope / np.maximum(lone, 1e-300)
        longest = float(np.max(np.abs(step) * bins))
        return np.asarray(step * min(1.0, LONGEST_STEP / max(longest, 1e-300)))

    def ahead(self, step: np.ndarray) -> complex:
        """What c is after a step."""
        return complex(self.value + self.slopes @ step + 0.5 * step @ self.curves @ step)


class Newton:
    """Targets found so far in a tensor: `frequencies [target, mode]`, `gains [target]` at its middle.

    No residual is ever built. Of the tensor only correlations with atoms and their derivatives are taken, and what the
    other targets add to them follows from products of steering vectors.
    """

    def __init__(self, tensor: np.ndarray, model: SignalModel, padding: float, single: int, cyclic: int) -> None:
        self.tensor, self.model, self.single, self.cyclic = tensor, model, single, cyclic
        self.search = Periodogram(model, padding)
        self.spectrum = self.search.spectrum(tensor)
        self.frequencies = np.zeros((0, len(model.shape)))
        self.gains = np.zeros(0, complex)
        self.heard = np.zeros(0, complex)  # a* y of each target's atom a
        self.energy = energy_of(tensor)
        self._maps = tuple(ModeMap(length) for length in model.shape)
        self._turns = [2j * np.pi * (np.arange(length) - (length - 1) / 2.0) for length in model.shape]
        self._bins = np.array(model.shape, float)

    def of(self, targets: int) -> np.ndarray:
        """Frequencies of as many targets as are said."""
        for _ in range(targets):
            self.add()
        return self.settled()

    def unknown(self, false_alarm: float, most: int, noise_variance: float | None) -> np.ndarray:
        """Frequencies of as many targets as pass what noise alone reaches."""
        limit = needed(self.model, false_alarm)
        while len(self.gains) < most:
            before, left, free = self.frequencies, self.left, self.model.size - len(self.gains)
            self.add()
            if ratio(left - self.left, left, free, noise_variance) < limit:
                self.frequencies = before
                break
        return self.settled()

    @property
    def left(self) -> float:
        """Energy that targets leave."""
        return max(self.energy - float(np.real(np.vdot(self.heard, self.gains))), 0.0)

    def add(self) -> None:
        """One more target: the peak of what the others leave, refined alone, all in turn, then all together."""
        power = squared(self.residual_spectrum())
        self.frequencies = np.vstack([self.frequencies, self.search.peak(power)])
        self.gains, self.heard = np.append(self.gains, 0.0), np.append(self.heard, 0.0)
        for _ in range(self.single):
            self.refine(len(self.gains) - 1)
        self.solve()
        for _ in range(self.cyclic):
            self.cycle()
        self.join(COARSE)

    def settled(self) -> np.ndarray:
        """Frequencies of the maximum of the likelihood nearby."""
        if len(self.frequencies):
            self.join(FINE)
        return self.frequencies

    def join(self, accuracy: float) -> None:
        """Gauss-Newton steps for all targets together, to an accuracy as of `refined`."""
        fit = self._joined(accuracy)
        if too_coarse(self.tensor, self.energy - fit.explained):
            self.tensor = self.tensor.astype(complex)
            self.energy, self.frequencies = energy_of(self.tensor), fit.frequencies
            fit = self._joined(accuracy)
        self.frequencies, self.gains = fit.frequencies, fit.gains
        self.heard = fit.grams.atoms @ fit.gains

    def _joined(self, accuracy: float) -> Fit:
        start = fitted(self.tensor, self._maps, self.frequencies)
        return refined(self.tensor, self._maps, start, self.energy, accuracy)

    def cycle(self) -> None:
        """A Newton step for each target in turn, then all gains by least squares."""
        for target in range(len(self.gains)):
            self.refine(target)
        self.solve()

    def refine(self, target: int) -> None:
        """One Newton step of |a* r|^2, r being what the other targets leave, and the gain that goes with it."""
        whole, heard = self.moments(target)
        around = Taylor.of(heard)
        step = around.ascent(self._bins)
        self.frequencies[target] += step
        self.gains[target] = around.ahead(step) / self.model.size
        self.heard[target] = Taylor.of(whole).ahead(step)

    def moments(self, target: int) -> tuple[np.ndarray, np.ndarray]:
        """Correlations with the derivatives of an atom, of each order 0, 1, 2 in each mode, `[3, 3, ...]`.

        Those of the tensor, and those of what the other targets leave of it.
        """
        others = np.delete(np.arange(len(self.gains)), target)
        tones = [np.exp(t[:, None] * self.frequencies[:, m]) for m, t in enumerate(self._turns)]
        atoms = [
            np.stack([tone[:, target], t * tone[:, target], t**2 * tone[:, target]]).conj()
            for tone, t in zip(tones, self._turns, strict=True)
        ]
        whole = contracted(self.tensor, atoms)
        if not len(others):
            return whole, whole
        rows = [atom @ tone[:, others] for atom, tone in zip(atoms, tones, strict=True)]
        return whole, whole - outer(rows, self.gains[others])

    def solve(self) -> None:
        """All gains by least squares."""
        tones = [response.values for response in responses_of(self.model, self.frequencies)]
        atoms = reduce(np.multiply, [tone.conj().T @ tone for tone in tones])
        self.gains = np.linalg.lstsq(atoms, self.heard, rcond=1e-13)[0]

    def residual_spectrum(self) -> np.ndarray:
        """Spectrum of what the targets leave."""
        if not len(self.gains):
            return self.spectrum
        lines = self.search.spectra(responses_of(self.model, self.frequencies))
        return np.asarray(self.spectrum - outer([line.astype(self.spectrum.dtype) for line in lines], self.gains))
