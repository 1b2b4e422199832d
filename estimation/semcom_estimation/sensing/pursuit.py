"""One target after the other from a small tensor, all of them refined together each time."""

from functools import lru_cache

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.detection import ratio
from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.fisher import Grams
from semcom_estimation.sensing.gauss_newton import Fit, fitted, refined
from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.search import Grid
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap

COARSE, FINE = 1e-2, 1e-6  # accuracy of refinement while targets are still missing, and at the end
STEPS = 8  # of refinement while targets are missing, at most
ROUNDS = 4  # of exchanging the weakest target for a stronger peak
HOPEFUL = 0.6  # of the weakest target's worth: lower peaks of the grid are not tried in its place
ROUNDINGS = 8.0  # of the samples as they came, below which nothing counts as a target
SUMMED = 4.0 * float(np.finfo(float).eps)  # of the whole energy: how exact the energy is that a fit explains
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
        precision: float,
    ) -> None:
        self.tensor = small.tensor[..., 0]
        self.maps = small.maps
        self.views = model.views
        self.grid = grid_of(small.maps, model.views, per_bin or (2.0 if len(model.modes) <= 3 else 1.25))
        self.projection = self.grid.projected(self.tensor)
        self.known_variance = noise_variance
        self.false_alarm = false_alarm
        self.energy = float(np.vdot(self.tensor, self.tensor).real)
        self.rounding = max((ROUNDINGS * precision) ** 2, SUMMED * self.tensor.size) * self.energy

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
            more = self._refined(self.with_another(fit), COARSE)
            if self.ratio(more, fit) < needed:
                break
            fit = more
        return self.settled(self._pruned(fit, needed))

    def none(self) -> Fit:
        """The fit without targets."""
        return fitted_nothing(len(self.maps))

    def with_another(self, fit: Fit) -> Fit:
        """The fit with the largest peak of what it leaves, refined a little."""
        peak = self.grid.peak(self.grid.left(self.projection, fit.responses, fit.gains))
        return self._refined(self._fitted(np.vstack([fit.frequencies, peak])), COARSE, STEPS)

    def settled(self, fit: Fit) -> Fit:
        """The fit, refined to the end."""
        return self._refined(fit, FINE) if len(fit.gains) else fit

    def _fitted(self, frequencies: np.ndarray) -> Fit:
        return fitted(self.tensor, self.maps, frequencies)

    def _refined(self, start: Fit, accuracy: float, steps: int = 100) -> Fit:
        return refined(self.tensor, self.maps, start, self.energy, accuracy, steps)

    def noise_variance(self, fit: Fit) -> float:
        """What a fit leaves, over the samples that it has not used up."""
        unknowns = len(fit.gains) * (1.0 + len(self.maps) / 2.0)
        return max(self.energy - fit.explained, 0.0) / max(self.tensor.size - unknowns, 1.0)

    def ratio(self, more: Fit, fewer: Fit) -> float:
        """The log likelihood ratio of two fits, which noise alone makes exponential at any one frequency."""
        known, size = self.known_variance, self.tensor.size
        variance = None if known is None else max(known, self.rounding / size)
        left = max(self.energy - fewer.explained, self.rounding)
        return ratio(more.explained - fewer.explained, left, size - len(fewer.gains), variance)

    def _exchanged(self, fit: Fit) -> Fit | None:
        """The fit with its weakest target replaced by the largest peak, if that explains more."""
        if len(fit.gains) < 2:
            return None
        worths = _worths(fit)
        weakest = int(np.argmin(worths))
        if np.max(self.grid.left(self.projection, fit.responses, fit.gains)) < HOPEFUL * worths[weakest]:
            return None
        kept = self._refined(self._fitted(np.delete(fit.frequencies, weakest, axis=0)), COARSE, STEPS)
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
        weakest = int(np.argmin(_worths(fit)))
        starts = [np.delete(fit.frequencies, weakest, axis=0)]
        lengths = np.array([one.length for one in self.maps])
        apart = np.max(np.abs(fit.frequencies[:, None] - fit.frequencies) * lengths, axis=2)
        for one, other in zip(*np.nonzero(np.triu(apart < NEAR, 1)), strict=True):
            weights = np.abs(fit.gains[[one, other]]) ** 2
            middle = weights @ fit.frequencies[[one, other]] / weights.sum()
            starts.append(np.vstack([np.delete(fit.frequencies, [one, other], axis=0), middle]))
        return [self._refined(self._fitted(start), COARSE) for start in starts]


def _worths(fit: Fit) -> np.ndarray:
    """How much less each target's absence would explain, all frequencies as they are, `[target]`."""
    return np.asarray(np.abs(fit.gains) ** 2 / np.real(np.diag(np.linalg.inv(fit.grams.atoms))))


@lru_cache(maxsize=16)
def grid_of(maps: tuple[ModeMap, ...], views: tuple[Interval, ...], per_bin: float) -> Grid:
    """The grid of these maps, made once."""
    return Grid(maps, views, per_bin)


def fitted_nothing(modes: int) -> Fit:
    """The fit of no targets to anything."""
    none = np.zeros((0, 0), complex)
    empty = Grams(none, np.zeros((modes, 0, 0), complex), np.zeros((modes, modes, 0, 0), complex))
    return Fit(np.zeros((0, modes)), np.zeros(0, complex), 0.0, (), empty, np.zeros((modes, 0), complex))
