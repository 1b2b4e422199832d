"""One point of a sensing study: trials of one estimator at one SNR."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from semcom.errors import UserError
from semcom.scenes import SCENES, Scene
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric, Trial
from semcom.studies.study import Task
from semcom.tally import Mean, Rate, RootMean, Tallies, Tally
from semcom_channels import Streams
from semcom_channels.spec import key_of
from semcom_estimation.sensing import ESTIMATORS, SensingEstimator
from semcom_estimation.sensing.estimator import Estimator
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

    def check(self) -> None:
        """Raises UserError for what does not fit together."""
        complaints = [self.scene.check(self.model), self.estimator.check(self.model)]
        complaints += [metric.check(self.model, self.scene.count()) for metric in self.metrics]
        for part, said in zip((self.scene, self.estimator, *self.metrics), complaints, strict=True):
            if said is not None:
                raise UserError(f"{part.kind}: {said}")
        if isinstance(self.estimator, Estimator) and self.estimator.needs_number and not self.known_order:
            raise UserError(f"{self.estimator.kind} needs the number of targets; set known_order: true")
        if isinstance(self.estimator, Estimator) and self.known_order:
            limit = self.estimator.most_targets(self.model)
            if self.scene.count() > limit:
                raise UserError(f"{self.estimator.kind} tells at most {limit} targets apart on {self.model.shape}")

    def facts(self) -> Mapping[str, float]:
        """The SNR, and how large the tensor is."""
        return {"snr_db": self.snr_db, "samples": float(self.model.size), "targets": float(self.scene.count())}

    def stream_keys(self) -> Mapping[str, int]:
        """Scenes depend on the scene and the model, unit noise on the model: estimators and SNRs compare in pairs."""
        scene = {"scene": self.scene.plain(), "model": self.model.plain(), "trials": self.trials}
        noise = {"model": self.model.plain(), "trials": self.trials}
        return {purpose: int(key_of(plain), 16) for purpose, plain in (("source", scene), ("noise", noise))}

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of trials."""
        from semcom.studies.sensing_trials import run

        trials = run(self, streams)
        return {metric.kind: tally_of(metric, trials, self.scene.count()) for metric in self.metrics}


def tally_of(metric: SensingMetric, trials: Sequence[Trial], targets: int) -> Tally:
    """The tally of a metric over trials."""
    each = [metric.values(trial) for trial in trials]
    if metric.counts == "root":
        return RootMean.of([value for values in each for value in values])
    flat = [values[0] for values in each]
    return Rate.of(flat, metric.trials(targets)) if metric.counts == "rate" else Mean.of(flat)
