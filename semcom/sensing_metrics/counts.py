"""Which targets are found, which estimates are none, and how long it takes."""

from typing import Literal

from semcom.sensing_metrics.metric import SensingMetric, Trial
from semcom_estimation.sensing.signal_model import SignalModel


class Detection(SensingMetric):
    """The share of targets with an estimate within the gate."""

    kind: Literal["detection"] = "detection"
    better = "high"
    label = "Probability of detection"

    def trials(self, targets: int) -> int:
        """Each target."""
        return targets

    def check(self, model: SignalModel, targets: int) -> str | None:
        """There are targets."""
        return None if targets else "there are no targets to detect"

    def values(self, trial: Trial) -> list[float]:
        """The detected ones."""
        return [float(len(trial.match.target))]


class AllDetected(SensingMetric):
    """The share of trials in which every target has an estimate within the gate; of a pair, that it is resolved."""

    kind: Literal["all_detected"] = "all_detected"
    better = "high"
    label = "Probability that all are detected"

    def check(self, model: SignalModel, targets: int) -> str | None:
        """There are targets."""
        return None if targets else "there are no targets to detect"

    def values(self, trial: Trial) -> list[float]:
        """One or nought."""
        return [float(len(trial.match.target) == len(trial.truth.gains))]


class FalseAlarm(SensingMetric):
    """The share of trials with an estimate that is within no target's gate."""

    kind: Literal["false_alarm"] = "false_alarm"
    label = "Probability of a false alarm"

    def values(self, trial: Trial) -> list[float]:
        """One or nought."""
        return [float(len(trial.found) > len(trial.match.estimate))]


class RightOrder(SensingMetric):
    """The share of trials with as many estimates as targets."""

    kind: Literal["right_order"] = "right_order"
    better = "high"
    label = "Probability that their number is right"

    def values(self, trial: Trial) -> list[float]:
        """One or nought."""
        return [float(len(trial.found) == len(trial.truth.gains))]


class Gospa(SensingMetric):
    """Distances of detected targets, missed targets and false estimates in one number, cut off at half a bin."""

    kind: Literal["gospa"] = "gospa"
    counts = "mean"
    label = "GOSPA (resolution bins)"

    def values(self, trial: Trial) -> list[float]:
        """Of the trial."""
        from semcom_estimation.sensing.scoring import gospa

        return [gospa(trial.model, trial.truth.frequencies, trial.found)]


class CpuTime(SensingMetric):
    """Processor time of an estimate; unlike other metrics it differs from run to run and machine to machine."""

    kind: Literal["cpu_ms"] = "cpu_ms"
    counts = "mean"
    decades = True
    label = "Processor time of an estimate (ms)"

    def values(self, trial: Trial) -> list[float]:
        """Of the trial."""
        return [1e3 * trial.seconds]
