"""One point of a study of joint communication and sensing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ValidationError

from semcom.errors import UserError
from semcom.learning import Pupil
from semcom.sensing_metrics import SENSING_METRICS, SensingMetric, cautions_of
from semcom.studies.link_point import LinkPoint
from semcom.studies.sensing_fit import check_sensing
from semcom.studies.sensing_point import tally_over
from semcom.studies.sensor import Sensor
from semcom.studies.study import Task
from semcom.tally import Tallies
from semcom_channels import PointTargets, Streams
from semcom_estimation.sensing.signal_model import SignalModel


class IsacPoint(Task):
    """A link, and a sensor that listens to its frames."""

    link: LinkPoint
    sensor: Sensor
    sensing_metrics: tuple[Annotated[SensingMetric, SENSING_METRICS], ...]
    size_field: ClassVar[str] = "batch"

    def memory_bytes(self) -> float:
        """That of the link, and of what is heard and sent at each element, in double precision once more."""
        return self.link.memory_bytes() + 24.0 * self.model().size * self.link.batch

    @property
    def channel(self) -> PointTargets:
        """The link's; raises UserError for one without targets."""
        if not isinstance(self.link.channel, PointTargets):
            raise UserError(f"{self.link.channel.kind} has no targets; sensing needs a channel of kind point_targets")
        return self.link.channel

    def model(self) -> SignalModel:
        """What the sensor measures; raises UserError where it cannot."""
        try:
            return self.sensor.model(self.channel, self._uses())
        except ValidationError as error:
            told = error.errors()[0]
            raise UserError(f"sensor: {told.get('ctx', {}).get('error', told['msg'])}") from None
        except ValueError as error:
            raise UserError(f"sensor: {error}") from None

    def check(self) -> None:
        """Raises UserError for what does not fit together."""
        self.link.check()
        model, sensor = self.model(), self.sensor
        targets = sensor.targets(self.channel)
        check_sensing(model, targets, sensor.estimator, self.sensing_metrics, sensor.known_order)
        self._check_view(model)

    def files(self) -> Mapping[str, tuple[Path, ...]]:
        """The link's."""
        return self.link.files()

    def pupils(self) -> tuple[Pupil, ...]:
        """Those of its link."""
        return self.link.pupils()

    def facts(self) -> Mapping[str, float]:
        """The link's, and what is sensed over how much of the frame."""
        grid, model = self.channel.grid, self.model()
        pilots = len(grid.pilot_places(0, 1)) / (grid.symbols * len(grid.occupied))
        sensed = {"pilot_share": pilots, "samples": model.size, "targets": self.sensor.targets(self.channel)}
        return {**self.link.facts(), **sensed}

    def cautions(self) -> tuple[str, ...]:
        """The channel's, and errors that stand without their bound."""
        return (*self.link.cautions(), *cautions_of(self.sensing_metrics))

    def reference(self, metric: str) -> float | None:
        """The link's closed form."""
        return self.link.reference(metric)

    def stream_keys(self) -> Mapping[str, int]:
        """The link's: sensors hear the same frames, targets and noise."""
        return self.link.stream_keys()

    def counted(self) -> tuple[str, ...]:
        """The kinds of the link's metrics and of the sensor's."""
        return (*(metric.kind for metric in self.link.measures()), *(metric.kind for metric in self.sensing_metrics))

    def evaluate(self, streams: Streams) -> Tallies:
        """One chunk of frames."""
        from semcom.studies.isac_trials import run

        batches = self.link.source.draw(self.link.batch, streams.rng("source"))
        values, trials = run(self, batches, streams)
        link = {
            metric.kind: self.link.tally(metric, [one[metric.kind] for one in values], batches)
            for metric in self.link.measures()
        }
        count = self.sensor.targets(self.channel)
        return {**link, **{metric.kind: tally_over(metric, trials, count) for metric in self.sensing_metrics}}

    def _uses(self) -> int:
        units = self.link.source.units()
        if len(units) > 1:
            raise UserError(f"sensing needs frames of one length; {self.link.source.kind} yields units of several")
        return self.link.transceiver.cost(units[0]).channel_uses

    def _check_view(self, model: SignalModel) -> None:
        from semcom.studies.isac_truth import outside_view

        said = outside_view(model, self.sensor, self.channel)
        if said is not None:
            raise UserError(f"sensor: {said}")
