"""One point of a sensing study: trials of one estimator at one SNR."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from semcom.errors import UserError
from semcom.scenes import SCENES, Scene
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric, Trial, cautions_of
from semcom.studies.sensing_fit import check_sensing
from semcom.studies.study import Task
from semcom.studies.tallies import root_of, tally_of
from semcom.tally import Tallies, Tally
from semcom_channels import Streams
from semcom_channels.spec import key_of
from semcom_estimation.sensing import ESTIMATORS, SensingEstimator
from semcom_estimation.sensing.signal_model import SignalModel


class SensingPoint(Task):
    """A scene in noise, and what an estimator makes of it."""

    model: SignalModel
    scene: Annotated[Scene, SCENES]
    estimator: Annotated[SensingEstimator, ESTIMATORS]
    metrics: tuple[Annotated[SensingMetric, SENSING_METRICS], ...]
    known_order: bool
    known_noise: bool
    trials: Annotated[int, Field(ge=1)]
    snr_db: float
    size_field: ClassVar[str] = "length"

    def memory_bytes(self) -> float:
        """A tensor of noise in single precision, and its targets in double."""
        return 24.0 * self.model.size

    def check(self) -> None:
        """Raises UserError for what does not fit together."""
        said = self.scene.check(self.model)
        if said is not None:
            raise UserError(f"{self.scene.kind}: {said}")
        check_sensing(self.model, self.scene.count(), self.estimator, self.metrics, self.known_order)

    def facts(self) -> Mapping[str, float]:
        """The SNR, and how large the tensor is."""
        return {"snr_db": self.snr_db, "samples": float(self.model.size), "targets": float(self.scene.count())}

    def cautions(self) -> tuple[str, ...]:
        """Errors that stand without their bound."""
        return cautions_of(self.metrics)

    def stream_keys(self) -> Mapping[str, int]:
        """Scenes depend on the scene and the model, unit noise on the model: estimators and SNRs compare in pairs."""
        scene = {"scene": self.scene.plain(), "model": self.model.plain(), "trials": self.trials}
        noise = {"model": self.model.plain(), "trials": self.trials}
        return {purpose: int(key_of(plain), 16) for purpose, plain in (("source", scene), ("noise", noise))}

    def counted(self) -> tuple[str, ...]:
        """The kinds of its metrics."""
        return tuple(metric.kind for metric in self.metrics)

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of trials."""
        from semcom.studies.sensing_trials import run

        trials = run(self, streams)
        return {metric.kind: tally_over(metric, trials, self.scene.count()) for metric in self.metrics}


def tally_over(metric: SensingMetric, trials: Sequence[Trial], targets: int) -> Tally:
    """The tally of a metric over trials."""
    each = [metric.values(trial) for trial in trials]
    if metric.counts == "root":
        return root_of(metric, each)
    return tally_of(metric, [values[0] for values in each], metric.trials(targets))
