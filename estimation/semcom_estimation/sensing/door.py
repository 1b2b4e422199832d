"""The door that tensors pass before any estimator sees them."""

import math
import sys
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from semcom_estimation.sensing.detection import energy_of
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.targets import Targets

LOUDEST = 2.0**20  # mean power of a sample, up and down, between which tensors stay as they are


class Admitted(NamedTuple):
    """A tensor of moderate power, on which single precision can search."""

    tensor: np.ndarray
    scale: float
    """A power of two: how many times what was given it is."""
    energy: float
    """|y|^2."""
    noise_variance: float | None
    """At this scale."""


def admitted(tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None) -> Admitted:
    """The tensor at a scale where its squares neither overflow nor vanish; ValueError for what no estimator can use.

    Powers of two change no digit.
    """
    _check(tensor, model, noise_variance, targets)
    energy = energy_of(tensor)
    if 1.0 / LOUDEST <= energy / tensor.size <= LOUDEST:
        return Admitted(tensor, 1.0, energy, noise_variance)
    room = np.finfo(tensor.dtype)
    loudest = float(max(np.max(np.abs(part)) for part in (tensor.real, tensor.imag)))
    if not np.isfinite(loudest):
        bad = int(np.count_nonzero(~np.isfinite(tensor)))
        raise ValueError(f"{bad} of the tensor's {tensor.size} samples are not finite")
    if loudest == 0.0:
        return Admitted(tensor, 1.0, 0.0, noise_variance)
    if loudest < room.tiny / room.eps:
        raise ValueError(f"the tensor's samples are {loudest:g} at most, where {tensor.dtype} has few digits; scale it")
    scale = 2.0 ** float(np.clip(-math.frexp(loudest)[1], room.minexp, room.maxexp - 1))
    scaled = tensor * tensor.real.dtype.type(scale)
    if noise_variance is not None:
        noise_variance = float(np.clip(noise_variance * scale * scale, sys.float_info.min, sys.float_info.max))
    return Admitted(scaled, scale, energy_of(scaled), noise_variance)


def _check(tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None) -> None:
    if not isinstance(tensor, np.ndarray):
        raise ValueError(f"the tensor is a {type(tensor).__name__}; expected an array of NumPy")
    if not isinstance(model, SignalModel):
        raise ValueError(
            f"the model is a {type(model).__name__}; expected a SignalModel, such as SignalModel.read makes"
        )
    if tensor.shape != model.shape:
        raise ValueError(f"the tensor has the shape {tensor.shape}; the model's modes have {model.shape}")
    if tensor.dtype not in (np.complex64, np.complex128):
        raise ValueError(f"the tensor is of {tensor.dtype}; expected complex64 or complex128")
    if noise_variance is not None and not 0.0 < noise_variance < np.inf:
        raise ValueError(f"noise_variance is {noise_variance:g}; expected a positive number")
    if targets is not None and targets < 0:
        raise ValueError(f"targets is {targets}; expected 0 or more")


def nothing(model: SignalModel, noise_variance: float, seconds: Mapping[str, float] | None = None) -> Targets:
    """No targets."""
    none = np.zeros(0)
    return Targets(
        gains=none.astype(complex),
        frequencies=np.zeros((0, len(model.modes))),
        parameters=dict.fromkeys(model.names, none),
        deviations=dict.fromkeys(model.names, none),
        frequency_deviations=np.zeros((0, len(model.modes))),
        noise_variance=noise_variance,
        seconds=dict(seconds or {}),
    )
