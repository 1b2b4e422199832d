"""One target after the other from a small tensor, all of them refined together each time."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import erfcinv

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.detection import energy_of, ratio
from semcom_estimation.sensing.edges import Edges
from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.fisher import Grams
from semcom_estimation.sensing.gauss_newton import Fit, fitted, refined
from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.search import Grid
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, synthesised
from semcom_estimation.sensing.surroundings import heard_outside

COARSE, FINE = 1e-2, 1e-10  # accuracy of refinement while targets are still missing, and at the end
STEPS = 8  # of refinement while targets are missing, at most
ROUNDS = 4  # of exchanging the weakest target for a stronger peak
HOPEFUL = 0.6  # of the weakest target's worth: lower peaks of the grid are not tried in its place
LIKELY, TRIED = 0.85, 8  # of what a target needs, and peaks that are tried before the search for more ends
ROUNDINGS = 8.0  # of the samples as they came, below which nothing counts as a target
SUMMED = 4.0 * float(np.finfo(float).eps)  # of the whole energy: how exact the energy is that a fit explains
NEAR = 1.5  # bins within which two targets may be one
OUTSIDERS = 50  # beside the targets, at most
FAR = 0.5  # bins outside of the view: no noise moves a target there
CANCELLING = (
    10.0  # times the variance of a lone gain: targets that cancel one another, as they do where a model is wrong
)
WEAK = 3.0  # times what counts as a target: stronger ones are not made by what is too weak to be seen outside


class Rule(NamedTuple):
    """What counts as a target, and how many there are."""

    noise_variance: float | None
    """None when unknown."""
    false_alarm: float
    """Probability of a target where there is only noise."""
    targets: int | None
    """None when unknown."""
    most: int
    """Targets at most, when their number is unknown."""
    precision: float
    """Of the samples as they came."""


class Pursuit:
    """Searches a small tensor: over the fields of view, beyond whose ends targets may move when they are refined.

    One that the data place outside is an outsider: it stays in the fit, for it explains what it leaks into the view,
    and is not reported. Where noise alone may have moved it there, it is put at the end of the view.
    """

    def __init__(
        self, small: Compressed, model: SignalModel, per_bin: float | None, rule: Rule, whole: bool = False
    ) -> None:
        self.tensor = small.tensor[..., 0]
        self.maps, self.views = small.maps, model.views
        self.rule, self.edges = rule, Edges(model)
        self._lengths = np.array(model.shape)
        self.whole = whole
        make = Grid if whole else grid_of
        self.grid = make(small.maps, model.views, per_bin or _per_bin(len(model.modes), rule))
        self.projection = self.grid.projected(self.tensor)
        free = None if rule.noise_variance is not None else self.tensor.size
        self.needed = threshold(self.maps, model.views, rule.false_alarm, free)
        self.energy = energy_of(self.tensor)
        self.rounding = rounding_of(self.tensor, rule.precision)

    def searched(self, start: Fit) -> Fit:
        """The targets that are there, beside those of a start; an unsound fit comes back as soon as it is one."""
        fit = self._all(start) if self.rule.targets is None else self._as_many(start, self.rule.targets)
        return fit if self.unsound(fit) else self.confined(self.settled(fit), FINE)

    def doubts(self, fit: Fit) -> bool:
        """Whether what lies outside may show in a fit or have made its targets, so that the whole tensor must tell."""
        if self.unsound(fit) or self.edges.outside(fit.frequencies).any():
            return True
        if len(fit.gains) and _worths(fit).min() < WEAK * self.needed * self._variance(fit):
            return True
        left = self.tensor - synthesised(fit.responses, fit.gains) if len(fit.gains) else self.tensor
        return self.energy - fit.explained > self.rounding and heard_outside(left, self.maps, self.views)

    def unsound(self, fit: Fit) -> bool:
        """Whether targets are far outside, or nearly cancel one another."""
        if self.whole or not len(fit.gains):
            return False
        far = np.max(self.edges.beyond(fit.frequencies) * self._lengths) > FAR
        return bool(far) or bool(np.max(_inflations(fit)) > CANCELLING)

    def reported(self, fit: Fit) -> np.ndarray:
        """Whether each is a target of the view, `[target]`."""
        if not len(fit.gains):
            return np.zeros(0, bool)
        inside = ~self.edges.outside(fit.frequencies)
        worths = _worths(fit)
        if self.rule.targets is None:
            left = self.energy - fit.explained + worths
            pairs = zip(worths, left, strict=True)
            counts = np.array([self._ratio(worth, rest, len(worths) - 1) >= self.needed for worth, rest in pairs])
            return np.asarray(inside & counts)
        most = np.argsort(-np.where(inside, worths, -1.0), kind="stable")[: self.rule.targets]
        return np.asarray(inside & np.isin(np.arange(len(worths)), most))

    def confined(self, fit: Fit, accuracy: float) -> Fit:
        """Those outside put at the ends of the view where the data do not contradict it."""
        held = np.zeros(fit.frequencies.shape, bool)
        outsiders = np.zeros(len(fit.gains), bool)
        while True:
            beyond = self.edges.beyond(fit.frequencies)
            farthest = np.max(beyond * self._lengths, axis=1, initial=0.0)
            asked = np.flatnonzero((farthest > 0.0) & ~outsiders)
            if not len(asked):
                return fit
            one = asked[np.argmin(farthest[asked])]
            start, holding = fit.frequencies.copy(), held.copy()
            start[one], holding[one] = self.edges.clipped(start)[one], held[one] | (beyond[one] > 0.0)
            trial = refined(self.tensor, self.maps, self._fitted(start), self.energy, accuracy, held=holding)
            if self._may_be_inside(fit, trial, one):
                fit, held = trial, holding
            else:
                outsiders[one] = True

    def _may_be_inside(self, fit: Fit, trial: Fit, target: int) -> bool:
        """Whether a target at the end of the view explains about as much as where the data place it.

        Twice the log likelihood ratio is chi-squared with one degree of freedom, if it is at the end. Of a known number
        of targets one is outside only if it would count as a target there.
        """
        variance = self._variance(fit)
        if fit.explained - trial.explained <= float(erfcinv(self.rule.false_alarm)) ** 2 * variance:
            return True
        return self.rule.targets is not None and _worths(fit)[target] < self.needed * variance

    def _as_many(self, start: Fit, targets: int) -> Fit:
        """As many inside as are said."""
        fit = self._filled(start, targets)
        for _ in range(ROUNDS):
            better = None if self.unsound(fit) else self._exchanged(fit)
            if better is None:
                break
            fit = better
        return fit

    def _filled(self, fit: Fit, targets: int) -> Fit:
        while self._inside(fit) < targets and len(fit.gains) < targets + OUTSIDERS:
            fit = self.confined(self.with_another(fit), COARSE)
            if self.unsound(fit):
                break
        return fit

    def _all(self, start: Fit) -> Fit:
        """As many as the likelihood ratio tells from noise."""
        fit = start
        while self._inside(fit) < self.rule.most and len(fit.gains) < self.rule.most + OUTSIDERS:
            more = self._better(fit)
            if more is None:
                break
            fit = more
            if self.unsound(fit):
                return fit
        return self._pruned(fit, self.needed)

    def _better(self, fit: Fit) -> Fit | None:
        """The fit with one more target that counts, or none; peaks that may count between grid points are tried."""
        power = self._left(fit)
        for peak in self.grid.peaks(power, LIKELY * self.needed * self._variance(fit), TRIED):
            more = self._refined(self._beside(fit, peak), COARSE)
            if self.ratio(more, fit) >= self.needed:
                return more
        return None

    def _inside(self, fit: Fit) -> int:
        return int(np.sum(~self.edges.outside(fit.frequencies)))

    def none(self) -> Fit:
        """The fit without targets."""
        return fitted_nothing(len(self.maps))

    def with_another(self, fit: Fit) -> Fit:
        """The fit with the largest peak of what it leaves, refined a little."""
        return self._refined(self._beside(fit, self.grid.peak(self._left(fit))), COARSE, STEPS)

    def _left(self, fit: Fit) -> np.ndarray:
        """Power that a fit leaves on the grid."""
        return self.grid.left(self.projection, fit.responses, fit.gains)

    def _beside(self, fit: Fit, peak: np.ndarray) -> Fit:
        return self._fitted(np.vstack([fit.frequencies, peak]))

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
        return self._ratio(more.explained - fewer.explained, self.energy - fewer.explained, len(fewer.gains))

    def _ratio(self, gain: float, left: float, others: int) -> float:
        known, size = self.rule.noise_variance, self.tensor.size
        variance = None if known is None else max(known, self.rounding / size)
        return ratio(gain, max(left, self.rounding), size - others, variance)

    def _variance(self, fit: Fit) -> float:
        """Of noise, no smaller than what rounding leaves."""
        return max(self.rule.noise_variance or self.noise_variance(fit), self.rounding / self.tensor.size)

    def _exchanged(self, fit: Fit) -> Fit | None:
        """The fit with its weakest target replaced by the largest peak, if that explains more."""
        if len(fit.gains) < 2:
            return None
        worths = np.where(self.edges.outside(fit.frequencies), np.inf, _worths(fit))
        weakest = int(np.argmin(worths))
        if np.max(self._left(fit)) < HOPEFUL * worths[weakest]:
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


def _per_bin(modes: int, rule: Rule) -> float:
    """Enough to find the largest peak; enough to find each that counts, when their number is unknown."""
    return 2.0 if modes <= (3 if rule.targets is not None else 5) else 1.25


def _inflations(fit: Fit) -> np.ndarray:
    """By how much the others raise the variance of each gain, `[target]`."""
    return np.asarray(np.real(np.diag(fit.grams.atoms)) * np.real(np.diag(np.linalg.inv(fit.grams.atoms))))


def _worths(fit: Fit) -> np.ndarray:
    """How much less each target's absence would explain, all frequencies as they are, `[target]`."""
    return np.asarray(np.abs(fit.gains) ** 2 / np.real(np.diag(np.linalg.inv(fit.grams.atoms))))


def rounding_of(tensor: np.ndarray, precision: float) -> float:
    """Energy that rounding may leave of a tensor whose samples came with this precision."""
    return max((ROUNDINGS * precision) ** 2, SUMMED * tensor.size) * energy_of(tensor)


@lru_cache(maxsize=16)
def grid_of(maps: tuple[ModeMap, ...], views: tuple[Interval, ...], per_bin: float) -> Grid:
    """The grid of these maps, made once."""
    return Grid(maps, views, per_bin)


def fitted_nothing(modes: int) -> Fit:
    """The fit of no targets to anything."""
    none = np.zeros((0, 0), complex)
    empty = Grams(none, np.zeros((modes, 0, 0), complex), np.zeros((modes, modes, 0, 0), complex))
    return Fit(np.zeros((0, modes)), np.zeros(0, complex), 0.0, (), empty, np.zeros((modes, 0), complex))
