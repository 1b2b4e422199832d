"""Joint refinement of all targets: Gauss-Newton with gains projected out, damped where a step would not help."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from semcom_estimation.sensing.fast import is_fast
from semcom_estimation.sensing.fisher import Grams, information
from semcom_estimation.sensing.inner_products import inner_products
from semcom_estimation.sensing.steering import ModeMap, Response

LONGEST_STEP, SHORTEST_STEP = 0.5, 1e-10  # resolution bins
DAMPING = 1e-3
LIFTED = 1e-14  # of the largest curvature, so that frequencies that coincide have a step
TRIES = 8
ROUNDING = 45.0  # last digits of the tensor


@dataclass(frozen=True, eq=False)
class Fit:
    """Targets that explain a tensor, with the best gains for their frequencies."""

    frequencies: np.ndarray
    """`[target, mode]`."""
    gains: np.ndarray
    """`[target]`, at the middle of the tensor."""
    explained: float
    """Energy of the tensor that they explain."""
    responses: tuple[Response, ...]
    grams: Grams
    correlations: np.ndarray
    """Derivatives of atoms times the tensor, `[mode, target]`."""

    @property
    def information(self) -> np.ndarray:
        """Of the frequencies, `[mode * target, mode * target]`."""
        return information(self.grams, self.gains)

    @property
    def slope(self) -> np.ndarray:
        """Half of what more energy they would explain by the cycle, Re g* D* (y - A g), `[mode * target]`."""
        left = self.correlations - np.einsum("mkl,k->ml", self.grams.crossed.conj(), self.gains)
        return np.asarray(np.real(self.gains.conj() * left)).reshape(-1)


def fitted(tensor: np.ndarray, maps: Sequence[ModeMap], frequencies: np.ndarray) -> Fit:
    """Least squares of the gains, min |y - A g|^2."""
    responses = tuple(one.respond(frequencies[:, axis]) for axis, one in enumerate(maps))
    products, heard, turned, gains = inner_products(tensor, responses)
    explained = float(np.real(np.vdot(heard, gains)))
    return Fit(frequencies, gains, explained, responses, products, turned)


def refined(
    tensor: np.ndarray,
    maps: Sequence[ModeMap],
    fit: Fit,
    energy: float,
    accuracy: float,
    steps: int = 100,
    held: np.ndarray | None = None,
) -> Fit:
    """The fit of least squares near one of a tensor with this energy; frequencies `held [target, mode]` stay.

    It ends when a step would explain less than `accuracy` times what the fit leaves of a sample: its distance from the
    best fit is then about the root of `accuracy` standard deviations. Variable projection with Kaufman's gradient,
    whose Hessian is the Fisher matrix. [Golub & Pereyra 2003, section 5]
    """
    bins = np.array([one.length for one in maps], float)
    digit = float(np.finfo(tensor.dtype).eps)
    damping, rounding = DAMPING, ROUNDING * digit
    for _ in range(steps):
        slope, curve = _uphill(fit)
        if held is not None:
            slope, curve = _holding(slope, curve, held.T.reshape(-1))
        enough = max(accuracy * (energy - fit.explained) / tensor.size, digit**2 * energy)
        for _ in range(TRIES):
            step = _step(curve, slope, damping, bins)
            if slope @ step.T.reshape(-1) < enough or np.max(np.abs(step) * bins) < SHORTEST_STEP:
                return fit
            trial = fitted(tensor, maps, fit.frequencies + step)
            if trial.explained >= fit.explained * (1.0 - rounding):
                break
            damping = max(10.0 * damping, DAMPING)
        else:
            return fit  # no step helps: rounding is all that is left
        fit, damping = trial, (damping / 10.0 if damping > 1e-8 else 0.0)
    return fit


def _uphill(fit: Fit) -> tuple[np.ndarray, np.ndarray]:
    """Slope and information of a fit; compiled where the extra `fast` is installed."""
    if not is_fast():
        return fit.slope, fit.information
    from semcom_estimation.sensing.compiled import uphill

    slope, curve = uphill(*fit.grams, fit.gains, fit.correlations)
    return slope, curve


def _holding(slope: np.ndarray, curve: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and curve of the frequencies that may move, the held ones apart from them."""
    apart = np.where(held[:, None] | held, np.diag(np.diag(curve)), curve)
    return np.where(held, 0.0, slope), apart


def _step(curve: np.ndarray, slope: np.ndarray, damping: float, bins: np.ndarray) -> np.ndarray:
    """A damped step, `[target, mode]`, shortened where it is longer than half a bin."""
    step = _solved(curve, slope, damping).reshape(len(bins), -1).T
    longest = float(np.max(np.abs(step) * bins))
    return np.asarray(step * min(1.0, LONGEST_STEP / longest) if longest > 0.0 else step)


def _solved(curve: np.ndarray, slope: np.ndarray, damping: float) -> np.ndarray:
    """The solution of a curve whose diagonal is lifted."""
    if is_fast():
        from semcom_estimation.sensing.compiled import damped

        return np.asarray(damped(curve, slope, damping, LIFTED))
    diagonal = np.diag(curve)
    return np.linalg.solve(curve + np.diag(damping * diagonal + LIFTED * diagonal.max()), slope)
