"""A small model, targets that are apart in every mode of it, and their tensors."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from semcom_estimation.sensing.least_squares import responses_of
from semcom_estimation.sensing.scoring import distances_bins
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import at_middle, synthesised

ANGLE = {"kind": "angle", "length": 6}
AZIMUTH = {"kind": "azimuth", "length": 6}
ELEVATION = {"kind": "elevation", "length": 4}
DELAY = {"kind": "delay", "length": 24, "spacing_hz": 60e3, "view_s": [0.0, 10e-6]}
DOPPLER = {"kind": "doppler", "length": 16, "symbol_s": 1e-4}


def model_of(*modes: dict[str, object]) -> SignalModel:
    return SignalModel.read({"modes": list(modes)})


MODEL = model_of(ANGLE, DELAY, DOPPLER)


def apart(model: SignalModel, targets: int, rng: np.random.Generator) -> np.ndarray:
    """`[target, mode]`, each in a part of the view of its own in every mode, in its middle fifth."""
    low, high = np.array(model.views).T
    slots = rng.permuted(np.tile(np.arange(targets)[:, None], len(low)), axis=0)
    return np.asarray(low + (high - low) * (slots + rng.uniform(0.4, 0.6, slots.shape)) / targets)


def gains_of(targets: int, rng: np.random.Generator, weakest: float = 0.5) -> np.ndarray:
    """Of strengths from 1 down to the weakest and random phases."""
    return np.asarray(np.linspace(1.0, weakest, targets) * np.exp(2j * np.pi * rng.random(targets)))


def clean(model: SignalModel, frequencies: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """The tensor without noise, complex128."""
    return synthesised(responses_of(model, frequencies), at_middle(gains, frequencies, model.shape))


def noise(model: SignalModel, variance: float, rng: np.random.Generator) -> np.ndarray:
    pair = rng.standard_normal((2, *model.shape)) * np.sqrt(variance / 2.0)
    return np.asarray(pair[0] + 1j * pair[1])


def order_of(model: SignalModel, truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Indices of estimates in the order of the targets that they stand for."""
    return np.asarray(linear_sum_assignment(distances_bins(model, truth, found))[1])


def errors_bins(model: SignalModel, truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Of each target the bins to its estimate, in the mode where they differ most."""
    distances = distances_bins(model, truth, found)
    return np.asarray(distances[linear_sum_assignment(distances)])
