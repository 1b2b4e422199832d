"""One target after the other from a small tensor, all of them refined together each time."""

import math

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.fisher import Grams
from semcom_estimation.sensing.gauss_newton import Fit, refined
from semcom_estimation.sensing.search import Grid
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import synthesised

STEPS, COARSE = 8, 1e-3  # refinement while targets are still missing: steps at most, and the bins at which it ends
LAST_STEPS, FINE = 100, 1e-9
ROUNDS = 4  # of exchanging the weakest target for a stronger peak
NEAR = 1.5  # bins within which two targets may be one


class Pursuit:
    """Searches a small tensor."""

    def __init__(
        self,
        small: Compressed,
        model: SignalModel,
        per_bin: float | None,
        noise_variance: float | None,
        false_alarm: float,
    ) -> None:
        self.tensor = small.tensor[..., 0]
        self.maps = small.maps
        self.views = model.views
        self.grid = Grid(small.maps, model.views, per_bin or (2.0 if len(model.modes) <= 3 else 1.25))
        self.known_variance = noise_variance
        self.false_alarm = false_alarm
        self.energy = float(np.vdot(self.tensor, self.tensor).real)

    def of(self, targets: int) -> Fit:
        """As many targets as are said."""
        fit = self.none()
        for _ in range(targets):
            fit = self.with_another(fit)
        for _ in range(ROUNDS):
            better = self._exchanged(fit)
            if better is None:
                break
            fit = better
        return self.settled(fit)

    def unknown(self, most: int) -> Fit:
        """As many as the likelihood ratio tells from noise."""
        needed = threshold(self.maps, self.views, self.false_alarm)
        fit = self.none()
        while len(fit.gains) < most:
            more = self.settled(self.with_another(fit))
            if self.ratio(more, fit) < needed:
                break
            fit = more
        return self._pruned(fit, needed)

    def none(self) -> Fit:
        """The fit without targets."""
        return fitted_nothing(len(self.maps))

    def with_another(self, fit: Fit) -> Fit:
        """The fit with the largest peak of what it leaves, refined a little."""
        peak = self.grid.peak(self.grid.power(self.residual(fit)))
        return refined(self.tensor, self.maps, np.vstack([fit.frequencies, peak]), STEPS, COARSE)

    def settled(self, fit: Fit) -> Fit:
        """The fit, refined to the end."""
        return refined(self.tensor, self.maps, fit.frequencies, LAST_STEPS, FINE) if len(fit.gains) else fit

    def residual(self, fit: Fit) -> np.ndarray:
        """What a fit leaves of the tensor."""
        return self.tensor - synthesised(fit.responses, fit.gains) if len(fit.gains) else self.tensor

    def noise_variance(self, fit: Fit) -> float:
        """What a fit leaves, over the samples that it has not used up."""
        unknowns = len(fit.gains) * (1.0 + len(self.maps) / 2.0)
        return max(self.energy - fit.explained, 0.0) / max(self.tensor.size - unknowns, 1.0)

    def ratio(self, more: Fit, fewer: Fit) -> float:
        """The log likelihood ratio of two fits, which noise alone makes exponential at any one frequency."""
        gain = more.explained - fewer.explained
        if self.known_variance is not None:
            return gain / self.known_variance
        left = max(self.energy - fewer.explained, 1e-300)
        free = self.tensor.size - len(fewer.gains)
        return -free * math.log1p(-min(gain / left, 1.0 - 1e-15))

    def _exchanged(self, fit: Fit) -> Fit | None:
        """The fit with its weakest target replaced by the largest peak, if that explains more."""
        if len(fit.gains) < 2:
            return None
        weakest = int(np.argmin(np.abs(fit.gains) ** 2 / np.real(np.diag(np.linalg.inv(fit.grams.atoms)))))
        kept = refined(self.tensor, self.maps, np.delete(fit.frequencies, weakest, axis=0), STEPS, COARSE)
        other = self.with_another(kept)
        return other if other.explained > fit.explained * (1.0 + 1e-9) else None

    def _pruned(self, fit: Fit, needed: float) -> Fit:
        """Without targets that the others can do for: each left out, or two near ones merged, and all refined."""
        while len(fit.gains):
            fewer = max(self._smaller(fit), key=lambda one: one.explained)
            if self.ratio(fit, fewer) >= needed:
                break
            fit = fewer
        return fit

    def _smaller(self, fit: Fit) -> list[Fit]:
        count = len(fit.gains)
        if count == 1:
            return [self.none()]
        weakest = int(np.argmin(np.abs(fit.gains) ** 2 / np.real(np.diag(np.linalg.inv(fit.grams.atoms)))))
        starts = [np.delete(fit.frequencies, weakest, axis=0)]
        lengths = np.array([one.length for one in self.maps])
        apart = np.max(np.abs(fit.frequencies[:, None] - fit.frequencies) * lengths, axis=2)
        for one, other in zip(*np.nonzero(np.triu(apart < NEAR, 1)), strict=True):
            weights = np.abs(fit.gains[[one, other]]) ** 2
            middle = weights @ fit.frequencies[[one, other]] / weights.sum()
            starts.append(np.vstack([np.delete(fit.frequencies, [one, other], axis=0), middle]))
        return [refined(self.tensor, self.maps, start, LAST_STEPS, FINE) for start in starts]


def fitted_nothing(modes: int) -> Fit:
    """The fit of no targets to anything."""
    none = np.zeros((0, 0), complex)
    empty = Grams(none, np.zeros((modes, 0, 0), complex), np.zeros((modes, modes, 0, 0), complex))
    return Fit(np.zeros((0, modes)), np.zeros(0, complex), 0.0, (), empty, np.zeros((modes, 0), complex))
