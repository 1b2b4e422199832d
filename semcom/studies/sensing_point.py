"""One point of a sensing study: trials of one estimator at one SNR."""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from semcom.errors import UserError
from semcom.scenes import SCENES, Scene, Truth
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric, Trial
from semcom.studies.study import Task
from semcom.tally import Mean, Rate, RootMean, Tallies, Tally
from semcom_channels import Streams
from semcom_channels.spec import key_of
from semcom_channels.units import linear
from semcom_estimation.sensing import ESTIMATORS, SensingEstimator
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.scoring import matched
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import at_middle, steering, synthesised


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
        scenes, noise = streams.rng("source"), streams.rng("noise")
        trials = [self._trial(self.scene.draw(self.model, scenes), noise) for _ in range(self.trials)]
        return {metric.kind: tally_of(metric, trials, self.scene.count()) for metric in self.metrics}

    def _trial(self, truth: Truth, noise: np.random.Generator) -> Trial:
        variance = linear(-self.snr_db)
        count = len(truth.gains)
        bound = (
            np.diagonal(cramer_rao(self.model, *truth, variance), axis1=1, axis2=2)
            if count
            else np.zeros((0, len(self.model.modes)))
        )
        if not isinstance(self.estimator, Estimator):
            return self._bound_itself(truth, bound)
        tensor = measured(self.model, truth, variance, noise)
        begin = time.process_time()
        found = self.estimator.estimate(
            tensor, self.model, variance if self.known_noise else None, count if self.known_order else None
        )
        seconds = time.process_time() - begin
        match = matched(self.model, truth.frequencies, found.frequencies, self.scene.gate_bins())
        right, mine = truth.frequencies[match.target], found.frequencies[match.estimate]
        apart = mine - right
        true_values = self.model.parameters(self.model.inside(right))
        parameter_errors = {
            name: (values[match.estimate] - true_values[name]) ** 2 for name, values in found.parameters.items()
        }
        return Trial(
            self.model,
            truth,
            found.frequencies,
            match,
            (apart - np.round(apart)) ** 2,
            parameter_errors,
            bound,
            found.frequency_deviations**2,
            seconds,
        )

    def _bound_itself(self, truth: Truth, bound: np.ndarray) -> Trial:
        """What an unbiased estimator at the bound would do on average."""
        covariances = np.einsum("km,mn->kmn", bound, np.eye(len(self.model.modes)))
        deviations = self.model.deviations(truth.frequencies, covariances)
        match = matched(self.model, truth.frequencies, truth.frequencies, self.scene.gate_bins())
        squares = {name: values**2 for name, values in deviations.items()}
        return Trial(self.model, truth, truth.frequencies, match, bound, squares, bound, bound, 0.0)


def measured(model: SignalModel, truth: Truth, variance: float, rng: np.random.Generator) -> np.ndarray:
    """The tensor of a truth in white noise, complex64."""
    shape = model.shape
    noise = rng.standard_normal((*shape, 2), np.float32).view(np.complex64)[..., 0]
    noise *= np.float32(np.sqrt(variance / 2.0))
    if len(truth.gains):
        responses = [steering(length, truth.frequencies[:, axis]) for axis, length in enumerate(shape)]
        noise += synthesised(responses, at_middle(truth.gains, truth.frequencies, shape)).astype(np.complex64)
    return np.asarray(noise)


def tally_of(metric: SensingMetric, trials: Sequence[Trial], targets: int) -> Tally:
    """The tally of a metric over trials."""
    each = [metric.values(trial) for trial in trials]
    if metric.counts == "root":
        return RootMean.of([value for values in each for value in values])
    flat = [values[0] for values in each]
    return Rate.of(flat, metric.trials(targets)) if metric.counts == "rate" else Mean.of(flat)
