"""What every estimator is."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from semcom_channels.spec import Part
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class SensingEstimator(Part):
    """What a sensing study compares."""

    def check(self, model: SignalModel) -> str | None:
        """What is wrong with it for that model, in words; None when it fits."""
        return None


class Estimator(SensingEstimator):
    """Finds targets in a tensor."""

    needs_number: ClassVar[bool] = False
    """Whether it must be told how many targets there are."""

    def estimate(
        self,
        tensor: np.ndarray,
        model: SignalModel,
        noise_variance: float | None = None,
        targets: int | None = None,
    ) -> Targets:
        """Targets in one snapshot, a complex tensor of the model's shape.

        `noise_variance` is E|w|^2 of an element, None when unknown; noise is taken for white: where neighbours share
        it, there are more false targets than asked for, and stated deviations are wrong. `targets` is how many there
        are, None when that is to be found. The scale of the tensor is free. A tensor without energy has no targets.
        ValueError for a tensor of another shape, one that is not finite, not complex64 or complex128, or with samples
        so small that their type has few digits for them; a variance that is not positive; more targets than can be told
        apart, or an unknown number of them where it is needed; a model that does not fit.
        """
        from semcom_estimation.sensing.door import admitted, nothing

        given = admitted(tensor, model, noise_variance, targets)
        said = self.check(model)
        if said is not None:
            raise ValueError(f"{self.kind}: {said}")
        limit = self.most_targets(model)
        if targets is not None and targets > limit:
            raise ValueError(f"targets is {targets}; {self.kind} tells at most {limit} apart on {model.shape}")
        if targets is None and self.needs_number:
            raise ValueError(f"{self.kind} needs the number of targets; give targets")
        if given.energy == 0.0 or targets == 0:
            found = nothing(model, given.noise_variance or given.energy / model.size)
        else:
            found = self.found(given.tensor, model, given.noise_variance, targets)
        return found.scaled(1.0 / given.scale, noise_variance)

    def grid_error_bins(self) -> float | None:
        """Bins by which it may err without noise, of equal targets that are apart; None: by rounding alone."""
        return None

    @abstractmethod
    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """The targets of a tensor that has passed the door."""

    def most_targets(self, model: SignalModel) -> int:
        """How many it can tell apart."""
        return model.most_targets
