"""What every metric of a sensing study is: it compares the targets of a trial with what an estimator found."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from semcom.quantity import Quantity
from semcom.scenes.scene import Truth
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.scoring import Match


class Trial(NamedTuple):
    """A trial as metrics see it."""

    model: SignalModel
    truth: Truth
    found: np.ndarray
    """Estimated frequencies, `[estimate, mode]`."""
    match: Match
    errors: np.ndarray
    """Squared errors of the detected targets' frequencies, `[detected, mode]` in (cycles per sample)^2."""
    parameter_errors: dict[str, np.ndarray]
    """Squared errors of the detected targets' parameters by name, `[detected]` each."""
    bound: np.ndarray
    """Cramer-Rao variances of all targets' frequencies, `[target, mode]`."""
    stated: np.ndarray
    """Variances that the estimator states, `[estimate, mode]`; nan where it states none."""
    seconds: float
    """Processor time of the estimate."""


class SensingMetric(Quantity):
    """A number for each trial; `counts` says which kind.

    A "rate" counts: `values` returns errors among `trials`, or successes where the metric is about those. A "mean"
    averages, a "root" shows the root of the mean: of squares, such as of errors.
    """

    counts: ClassVar[Literal["rate", "mean", "root"]] = "rate"
    better: ClassVar[Literal["high", "low"]] = "low"

    def trials(self, targets: int) -> int:
        """How many errors a trial could have."""
        return 1

    def check(self, model: SignalModel, targets: int) -> str | None:
        """What is wrong with this metric there, in words; None when it fits."""
        return None

    @abstractmethod
    def values(self, trial: Trial) -> list[float]:
        """Of a trial: one number for a rate or a mean, any number of them for a root."""
