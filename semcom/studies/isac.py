"""Joint communication and sensing: what a frame carries and what its echoes tell."""

from collections.abc import Iterator
from itertools import product
from typing import Annotated, Literal

from pydantic import Field

from semcom.sensing_metrics import SENSING_METRICS, SensingMetric
from semcom.studies.isac_point import IsacPoint
from semcom.studies.links import PARTS as LINK_PARTS
from semcom.studies.links import Links, conventions
from semcom.studies.sensor import Sensor
from semcom.studies.study import Coordinate, Point, Sweep
from semcom.studies.sweep_fields import check_axes, part_at, places_of

PARTS = (*LINK_PARTS, "sensor")


class IsacStudy(Links):
    """A link whose frames are sensed: every sensor at every point of the link, on the very same frames.

    Channels are of the kind point_targets. Data and sensing share the realisation, so the figure shows what a frame is
    worth to both.
    """

    kind: Literal["isac"] = "isac"
    labels = (*Links.labels, "sensor")
    sensors: Annotated[dict[str, Sensor], Field(min_length=1)]
    """Who listens, under the names that the legend shows."""
    sensing_metrics: Annotated[tuple[Annotated[SensingMetric, SENSING_METRICS], ...], Field(min_length=1)]
    """What is measured of sensing, beside `metrics` of the data."""

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, those of the data first."""
        return (*super().metric_names(), *(metric.kind for metric in self.sensing_metrics))

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, sensor by sensor; raises UserError for parts that do not fit together."""
        return tuple(self._points(sweep))

    def block(self) -> str:
        """A frame."""
        return "a frame with its own targets and noise"

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        check_axes(sweep, ("snr_db", "ebn0_db"), PARTS)
        for *labels, sensor in product(self.transceivers, self.channels, self.receivers, self.sensors):
            for place in places_of(sweep):
                link = self.task((labels[0], labels[1], labels[2]), place)
                listening = part_at(self.sensors[sensor], "sensor", place)
                task = IsacPoint(link=link, sensor=listening, sensing_metrics=self.sensing_metrics)
                named: dict[str, Coordinate] = dict(zip(self.labels, (*labels, sensor), strict=True))
                yield Point({**named, **place}, task, conventions(place, link))
