"""Trials of a sensing point: targets are drawn, measured in noise and estimated."""

import time
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from semcom.scenes import Truth
from semcom.sensing_metrics import Trial
from semcom_channels import Streams
from semcom_channels.units import linear
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.scoring import matched
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import at_middle, steering, synthesised
from semcom_estimation.sensing.targets import Targets

if TYPE_CHECKING:
    from semcom.studies.sensing_point import SensingPoint


def run(point: "SensingPoint", streams: Streams) -> list[Trial]:
    """A chunk of trials."""
    if any(metric.kind == "cpu_ms" for metric in point.metrics) and isinstance(point.estimator, Estimator):
        _warmed(point.estimator, point.model)
    scenes, noise = streams.rng("source"), streams.rng("noise")
    return [_trial(point, point.scene.draw(point.model, scenes), noise) for _ in range(point.trials)]


@lru_cache(maxsize=64)
def _warmed(estimator: Estimator, model: SignalModel) -> None:
    """Imports, and tables that an estimator keeps, are made before time counts."""
    estimator.estimate(np.ones(model.shape, np.complex64), model, targets=1)


def _trial(point: "SensingPoint", truth: Truth, noise: np.random.Generator) -> Trial:
    model, gate_bins, variance = point.model, point.scene.gate_bins(), linear(-point.snr_db)
    bound = bounds(model, truth, variance)
    if not isinstance(point.estimator, Estimator):
        return bound_itself(model, gate_bins, truth, bound)
    tensor = measured(model, truth, variance, noise)
    begin = time.process_time()
    known = len(truth.gains) if point.known_order else None
    found = point.estimator.estimate(tensor, model, variance if point.known_noise else None, known)
    return scored(model, gate_bins, truth, bound, found, time.process_time() - begin)


def bounds(model: SignalModel, truth: Truth, variance: float) -> np.ndarray:
    """Cramer-Rao variances of each target and mode, `[target, mode]`."""
    if not len(truth.gains):
        return np.zeros((0, len(model.modes)))
    return np.asarray(np.diagonal(cramer_rao(model, *truth, variance), axis1=1, axis2=2))


def scored(
    model: SignalModel, gate_bins: float, truth: Truth, bound: np.ndarray, found: Targets, seconds: float
) -> Trial:
    """What was found beside what is true."""
    match = matched(model, truth.frequencies, found.frequencies, gate_bins)
    right = truth.frequencies[match.target]
    apart = found.frequencies[match.estimate] - right
    values = model.parameters(model.inside(right))
    parameter_errors = {name: (found.parameters[name][match.estimate] - values[name]) ** 2 for name in model.names}
    errors = (apart - np.round(apart)) ** 2
    stated = found.frequency_deviations**2
    return Trial(model, truth, found.frequencies, match, errors, parameter_errors, bound, stated, seconds)


def bound_itself(model: SignalModel, gate_bins: float, truth: Truth, bound: np.ndarray) -> Trial:
    """What an unbiased estimator at the bound would do on average."""
    every = truth.frequencies
    deviations = model.deviations(every, bound[:, :, None] * np.eye(len(model.modes)))
    squares = {name: values**2 for name, values in deviations.items()}
    match = matched(model, every, every, gate_bins)
    return Trial(model, truth, every, match, bound, squares, bound, bound, 0.0)


def measured(model: SignalModel, truth: Truth, variance: float, rng: np.random.Generator) -> np.ndarray:
    """The tensor of a truth in white noise, complex64."""
    noise = rng.standard_normal((*model.shape, 2), np.float32).view(np.complex64)[..., 0]
    noise *= np.float32(np.sqrt(variance / 2.0))
    if len(truth.gains):
        noise += tones(model, *truth).astype(np.complex64)
    return np.asarray(noise)


def tones(model: SignalModel, frequencies: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """The tensor of targets without noise, of frequencies `[target, mode]` and gains at its first sample."""
    responses = [steering(length, frequencies[:, axis]) for axis, length in enumerate(model.shape)]
    return np.asarray(synthesised(responses, at_middle(gains, frequencies, model.shape)))
