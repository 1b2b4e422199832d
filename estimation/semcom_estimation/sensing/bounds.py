"""Cramer-Rao bounds."""

import numpy as np

from semcom_estimation.sensing.fisher import covariances, grams, information
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import at_middle, steering


def cramer_rao(model: SignalModel, frequencies: np.ndarray, gains: np.ndarray, noise_variance: float) -> np.ndarray:
    """The joint deterministic bound of all frequencies, `[target, mode, mode]` covariances in (cycles per sample)^2.

    Of targets at `frequencies [target, mode]` with unknown `gains [target]` at the first sample, in white noise of
    `noise_variance` per element. [Stoica & Nehorai 1989]
    ValueError for arrays that do not fit the model or one another, and for a variance that is not positive.
    """
    targets, modes = len(gains), len(model.modes)
    if frequencies.shape != (targets, modes):
        raise ValueError(
            f"frequencies has the shape {frequencies.shape}; the gains and the model have {targets, modes}"
        )
    if not 0.0 < noise_variance < np.inf:
        raise ValueError(f"noise_variance is {noise_variance:g}; expected a positive number")
    if not targets:
        return np.zeros((0, modes, modes))
    responses = [steering(length, frequencies[:, axis]) for axis, length in enumerate(model.shape)]
    middle = at_middle(gains, frequencies, model.shape)
    return covariances(information(grams(responses), middle), noise_variance, modes)


def single_tone(model: SignalModel, snr: float) -> np.ndarray:
    """The bound of one tone alone, `[mode]` variances in (cycles per sample)^2: 6 / ((2 pi)^2 snr N (N_m^2 - 1)).

    `snr` is |gain|^2 over the noise variance, N the tensor's samples. [Rife & Boorstyn 1974, for a tensor]
    """
    lengths = np.array(model.shape, float)
    return np.asarray(6.0 / ((2.0 * np.pi) ** 2 * snr * model.size * (lengths**2 - 1.0)))
