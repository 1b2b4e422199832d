"""The door that tensors pass before any estimator sees them."""

from collections.abc import Mapping

import numpy as np

from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.targets import Targets


def checked(tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None) -> float:
    """The tensor's energy |y|^2; raises ValueError for what no estimator can use."""
    if tensor.shape != model.shape:
        raise ValueError(f"the tensor has the shape {tensor.shape}; the model's modes have {model.shape}")
    if tensor.dtype not in (np.complex64, np.complex128):
        raise ValueError(f"the tensor is of {tensor.dtype}; expected complex64 or complex128")
    energy = float(np.vdot(tensor, tensor).real)
    if not np.isfinite(energy):
        bad = int(np.count_nonzero(~np.isfinite(tensor)))
        if bad:
            raise ValueError(f"{bad} of the tensor's {tensor.size} samples are not finite")
    room = np.finfo(tensor.dtype)
    if not room.tiny / room.eps < energy / tensor.size < room.max / (4.0 * tensor.size) ** 2 and tensor.any():
        raise ValueError(f"the tensor's energy is {energy:g}, too near the end of what {tensor.dtype} holds; scale it")
    if noise_variance is not None and not 0.0 < noise_variance < np.inf:
        raise ValueError(f"noise_variance is {noise_variance:g}; expected a positive number")
    if targets is not None and targets < 0:
        raise ValueError(f"targets is {targets}; expected 0 or more")
    return energy


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
