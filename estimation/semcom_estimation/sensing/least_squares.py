"""Gains of targets whose frequencies are known, by least squares, and what an estimator reports of them."""

from collections.abc import Mapping

import numpy as np

from semcom_estimation.sensing.detection import energy_of
from semcom_estimation.sensing.door import nothing
from semcom_estimation.sensing.fisher import covariances, grams
from semcom_estimation.sensing.gauss_newton import Fit
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import Response, at_first, correlated, steering
from semcom_estimation.sensing.targets import Targets, targets_of

SMALLEST = 1e-13  # of the largest eigenvalue, below which targets count as coincident
SHORT = 0.02  # of a standard deviation: steps below it change nothing
SINGLE = 1e-3  # of the energy: single precision tells 3 digits of a rest as small
AT_PEAK = 0.1  # of a standard deviation to the peak of the likelihood: errors are larger by 0.5 %
SHORTEST = 1e-11  # bins


def responses_of(model: SignalModel, frequencies: np.ndarray) -> tuple[Response, ...]:
    """Steering vectors of targets in each mode and their slopes, `[length, target]` each."""
    return tuple(steering(length, frequencies[:, axis]) for axis, length in enumerate(model.shape))


def best_fit(tensor: np.ndarray, model: SignalModel, frequencies: np.ndarray) -> Fit:
    """Gains g with the least |y - A g|^2 at frequencies `[target, mode]`; the shortest such g where some coincide."""
    responses = responses_of(model, frequencies)
    products = grams(responses)
    heard, turned = correlated(tensor, responses)
    gains = np.linalg.lstsq(products.atoms, heard, rcond=SMALLEST)[0]
    explained = float(np.real(np.vdot(heard, gains)))
    return Fit(frequencies, gains, explained, responses, products, turned)


def reported(
    tensor: np.ndarray,
    model: SignalModel,
    frequencies: np.ndarray,
    noise_variance: float | None,
    *,
    likeliest: bool = False,
    seen: Fit | None = None,
    seconds: Mapping[str, float] | None = None,
) -> Targets:
    """Targets at frequencies `[target, mode]` with gains by least squares.

    The noise variance is what they leave of the tensor, unless it is known. Deviations are those of the Fisher matrix
    when the frequencies should be the `likeliest` ones and a Newton step says that they are, else nan: of the matrix in
    the fit that was `seen`, when they are likeliest in a compressed tensor, else in the whole one.
    """
    if not len(frequencies):
        return nothing(model, noise_variance or energy_of(tensor) / model.size, seconds)
    fit = best_fit(tensor, model, frequencies)
    if too_coarse(tensor, energy_of(tensor) - fit.explained):
        tensor = tensor.astype(complex)
        fit = best_fit(tensor, model, frequencies)
    variance = noise_variance or left_variance(energy_of(tensor) - fit.explained, model, len(frequencies))
    gains = at_first(fit.gains, frequencies, model.shape)
    rounding = float(np.finfo(tensor.dtype).eps) ** 2 * energy_of(tensor)
    spread = _spread(seen or fit, variance, rounding, len(model.modes)) if likeliest else None
    return targets_of(model, gains, frequencies, variance, spread, seconds)


def too_coarse(tensor: np.ndarray, left: float) -> bool:
    """Whether a tensor is in single precision and targets leave too little energy for it."""
    return tensor.dtype == np.complex64 and left < SINGLE * energy_of(tensor)


def left_variance(energy: float, model: SignalModel, targets: int) -> float:
    """The noise variance of an energy that targets leave: over the samples that they have not used up."""
    unknowns = targets * (1.0 + len(model.modes) / 2.0)
    return max(energy, 0.0) / max(model.size - unknowns, 1.0)


def short_bins(model: SignalModel, gains: np.ndarray, left: float) -> np.ndarray:
    """Steps in bins that change nothing, `[target, mode]`: far below the deviations of lone targets.

    `left` is the energy that targets leave. [Rife & Boorstyn 1974]
    """
    power = np.abs(gains[:, None]) ** 2
    noise = left_variance(left, model, len(gains)) / np.maximum(power, max(SMALLEST * np.max(power), 1e-300))
    lengths = np.array(model.shape, float)
    deviations = np.sqrt(6.0 * noise / (model.size * (1.0 - lengths**-2.0))) / 2.0 / np.pi
    return np.asarray(np.maximum(SHORT * deviations, SHORTEST))


def _spread(fit: Fit, variance: float, rounding: float, modes: int) -> np.ndarray | None:
    """Covariances `[target, mode, mode]`; None where targets coincide, or where a step would lead further up."""
    if _singular(fit.grams.atoms):
        return None
    information = fit.information
    scale = np.sqrt(np.diag(information))
    if not np.all(scale > 0.0) or _singular(information / np.outer(scale, scale)):
        return None
    promised = float(fit.slope @ np.linalg.solve(information, fit.slope))
    if promised > max(AT_PEAK**2 * variance / 2.0, rounding):
        return None
    return covariances(information, variance, modes)


def _singular(matrix: np.ndarray) -> bool:
    values = np.linalg.eigvalsh(matrix)
    return bool(values[0] <= SMALLEST * values[-1])
