"""What estimators share that count targets by a probability of false alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Protocol

from pydantic import Field

from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class Search(Protocol):
    """Finds targets one after the other in a tensor."""

    def of(self, targets: int) -> np.ndarray:
        """Frequencies of as many targets as are said, `[target, mode]`."""

    def unknown(self, false_alarm: float, most: int, noise_variance: float | None) -> np.ndarray:
        """Frequencies of as many targets as pass what noise alone reaches, `most` at most."""


class Counting(Estimator):
    """Adds targets while they stand out from noise."""

    false_alarm: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.01
    """Probability of a target where there is only noise, when their number is unknown."""
    most: Annotated[int, Field(ge=1, le=1000)] = 50
    """Targets at most, when their number is unknown."""

    def searched(
        self, search: Search, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> np.ndarray:
        """Frequencies `[target, mode]` of a number of targets that is known, or else of those that stand out."""
        if targets is not None:
            return search.of(targets)
        return search.unknown(self.false_alarm, min(self.most, self.most_targets(model)), noise_variance)
