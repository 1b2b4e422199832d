"""When a peak is a target."""

import math

import numpy as np

from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap


def needed(model: SignalModel, false_alarm: float) -> float:
    """The log likelihood ratio that noise alone reaches somewhere in the fields of view with this probability."""
    return threshold(tuple(ModeMap(length) for length in model.shape), model.views, false_alarm)


def ratio(gain: float, left: float, free: int, noise_variance: float | None) -> float:
    """The log likelihood ratio of a target that explains the energy `gain` of what is `left` in `free` samples.

    gain / variance where the variance is known, else -(free - 1) log(1 - gain / left): noise makes either exponential
    at any one frequency, since gain / left has the beta law of 1 and free - 1.
    """
    if noise_variance is not None:
        return gain / noise_variance
    return -max(free - 1, 1) * math.log1p(-min(gain / max(left, 1e-300), 1.0 - 1e-15))


def energy_of(tensor: np.ndarray) -> float:
    """|y|^2."""
    parts = np.ascontiguousarray(tensor).view(tensor.real.dtype).reshape(-1)
    return float(np.vdot(parts, parts))  # unlike @, without a word where it overflows
