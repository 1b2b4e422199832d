"""What every estimator is, and the door that tensors pass."""

import numpy as np

from semcom_channels.spec import Part
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.targets import Targets


class SensingEstimator(Part):
    """What a sensing study compares."""

    def check(self, model: SignalModel) -> str | None:
        """What is wrong with it for that model, in words; None when it fits."""
        return None


class Estimator(SensingEstimator):
    """Finds targets in a tensor."""

    def estimate(
        self,
        tensor: np.ndarray,
        model: SignalModel,
        noise_variance: float | None = None,
        targets: int | None = None,
    ) -> Targets:
        """Targets in one snapshot, a complex tensor of the model's shape.

        `noise_variance` is E|w|^2 of an element, None when unknown. `targets` is how many there are, None when that is
        to be found. A tensor without energy has no targets. ValueError for a tensor of another shape, one that is not
        finite or not complex, a variance that is not positive, or more targets than can be told apart.
        """
        energy = checked(tensor, model, noise_variance, targets)
        limit = self.most_targets(model)
        if targets is not None and targets > limit:
            raise ValueError(f"targets is {targets}; {self.kind} tells at most {limit} apart on {model.shape}")
        if energy == 0.0 or targets == 0:
            return nothing(model, noise_variance or 0.0)
        return self.found(tensor, model, noise_variance, targets)

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """The targets of a tensor that has passed the door."""
        raise NotImplementedError

    def most_targets(self, model: SignalModel) -> int:
        """How many it can tell apart."""
        return model.most_targets


def checked(tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None) -> float:
    """The tensor's energy; raises ValueError for what no estimator can use."""
    if tensor.shape != model.shape:
        raise ValueError(f"the tensor has the shape {tensor.shape}; the model's modes have {model.shape}")
    if not np.iscomplexobj(tensor):
        raise ValueError(f"the tensor is of {tensor.dtype}; expected complex64 or complex128")
    energy = float(np.vdot(tensor, tensor).real)
    if not np.isfinite(energy):
        bad = int(np.count_nonzero(~np.isfinite(tensor)))
        if bad:
            raise ValueError(f"{bad} of the tensor's {tensor.size} samples are not finite")
    if noise_variance is not None and not 0.0 < noise_variance < np.inf:
        raise ValueError(f"noise_variance is {noise_variance:g}; expected a positive number")
    if targets is not None and targets < 0:
        raise ValueError(f"targets is {targets}; expected 0 or more")
    return energy


def nothing(model: SignalModel, noise_variance: float) -> Targets:
    """No targets."""
    none = np.zeros(0)
    return Targets(
        gains=none.astype(complex),
        frequencies=np.zeros((0, len(model.modes))),
        parameters=dict.fromkeys(model.names, none),
        deviations=dict.fromkeys(model.names, none),
        frequency_deviations=np.zeros((0, len(model.modes))),
        noise_variance=noise_variance,
    )
