"""Errors of estimators against their bound."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Literal

from pydantic import Field

from semcom.errors import UserError
from semcom.scenes import SCENES, Scene
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric
from semcom.studies.sensing_point import SensingPoint
from semcom.studies.study import Coordinate, Point, Study, Sweep
from semcom.studies.sweep_fields import check_axes, part_at, places_of
from semcom_estimation.sensing import ESTIMATORS, SensingEstimator
from semcom_estimation.sensing.signal_model import SignalModel

PARTS = ("model", "scene", "estimator")
AXIS_LABELS = {
    "snr_db": "SNR of all targets together, per element (dB)",
    "model": "Tensor (samples)",
    "scene.within_bins": "Distance of two targets in every mode (bins)",
    "estimator.false_alarm": "Design probability of a false alarm",
    **{f"model.modes.{place}.length": f"Samples of mode {place + 1}" for place in range(8)},
}
SNR_CONVENTION = "SNR = power of all targets together over the noise power, per element of the tensor, in dB"


class SensingStudy(Study):
    """Every estimator on every model and scene at every point of the sweep."""

    kind: Literal["sensing"] = "sensing"
    labels = ("estimator", "scene", "model")
    axis_labels = AXIS_LABELS
    models: Annotated[dict[str, SignalModel], Field(min_length=1)]
    """Tensors that are measured, under the names that the legend shows."""
    scenes: Annotated[dict[str, Annotated[Scene, SCENES]], Field(min_length=1)]
    """What stands before the antennas, under the names that the legend shows."""
    estimators: Annotated[dict[str, Annotated[SensingEstimator, ESTIMATORS]], Field(min_length=1)]
    """Who looks for it, under the names that the legend shows."""
    metrics: Annotated[tuple[Annotated[SensingMetric, SENSING_METRICS], ...], Field(min_length=1)]
    """What is measured."""
    known_order: bool = True
    """Whether estimators are told how many targets there are."""
    known_noise: bool = False
    """Whether estimators are told the noise variance."""
    trials: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Trials in a chunk, the smallest piece of work."""

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, scene by scene; raises UserError for parts that do not fit together."""
        return tuple(self._points(sweep))

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, the deciding one first."""
        return tuple(metric.kind for metric in self.metrics)

    def block(self) -> str:
        """A trial."""
        return "a trial with its own targets and noise"

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        check_axes(sweep, ("snr_db",), PARTS)
        if "snr_db" not in sweep:
            raise UserError("sweep: a sensing study needs an SNR; give snr_db")
        for labels in product(self.models, self.scenes, self.estimators):
            for place in places_of(sweep):
                named: dict[str, Coordinate] = dict(zip(("model", "scene", "estimator"), labels, strict=True))
                yield Point({**named, **place}, self._task(labels, place), {"snr_db": SNR_CONVENTION})

    def _task(self, labels: tuple[str, str, str], place: Mapping[str, Coordinate]) -> SensingPoint:
        model, scene, estimator = labels
        return SensingPoint(
            model=part_at(self.models[model], "model", place),
            scene=part_at(self.scenes[scene], "scene", place),
            estimator=part_at(self.estimators[estimator], "estimator", place),
            metrics=self.metrics,
            known_order=self.known_order,
            known_noise=self.known_noise,
            trials=self.trials,
            snr_db=float(place["snr_db"]),
        )
