"""Codes of one letter before a bottleneck: what they say of it at which rate."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Literal

from pydantic import Field

from semcom.encoders import ENCODERS, Encoder
from semcom.encoders.metrics import BOTTLENECK_METRICS, BottleneckMetric
from semcom.marginals import MARGINALS, Marginal
from semcom.studies.bottleneck_point import BottleneckPoint
from semcom.studies.study import Coordinate, Point, Study, Sweep
from semcom.studies.sweep_fields import check_amounts, check_asked, check_axes, check_given, part_at, places_of

OWN_AXES = ("rate_bits", "letters")
AXIS_LABELS = {
    "rate_bits": "Rate limit R (bit)",
    "letters": "Letters of the source",
    "marginals.concentration": "Concentration of the Dirichlet law",
}
RATE_CONVENTION = "R bounds H(T), where T is the code of X"


class BottleneckStudy(Study):
    """Every encoder on every family of sources at every rate and number of letters."""

    kind: Literal["bottleneck"] = "bottleneck"
    labels = ("encoder", "marginals")
    axis_labels = AXIS_LABELS
    marginals: Annotated[dict[str, Annotated[Marginal, MARGINALS]], Field(min_length=1)]
    """From what a source's law is drawn, under the names that the legend shows."""
    encoders: Annotated[dict[str, Annotated[Encoder, ENCODERS]], Field(min_length=1)]
    """Who compresses its letter, under the names that the legend shows."""
    metrics: Annotated[tuple[Annotated[BottleneckMetric, BOTTLENECK_METRICS], ...], Field(min_length=1)]
    """What is measured."""
    sources: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Sources in a chunk, the smallest piece of work."""

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, family by family; raises UserError for parts that do not fit together."""
        found = tuple(self._points(sweep))
        check_asked(found)
        return found

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, the deciding one first."""
        return tuple(metric.kind for metric in self.metrics)

    def block(self) -> str:
        """A source."""
        return "a source with its own law"

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        check_axes(sweep, OWN_AXES, ("marginals", "encoder"))
        check_given(sweep, OWN_AXES, self.kind)
        check_amounts(sweep, counts=("letters",))
        for family, encoder in product(self.marginals, self.encoders):
            for place in places_of(sweep):
                task = self._task(family, encoder, place)
                if task.encoder.is_asked(task.letters):
                    named: dict[str, Coordinate] = {"marginals": family, "encoder": encoder}
                    yield Point({**named, **place}, task, {"rate_bits": RATE_CONVENTION})

    def _task(self, family: str, encoder: str, place: Mapping[str, Coordinate]) -> BottleneckPoint:
        return BottleneckPoint(
            marginals=part_at(self.marginals[family], "marginals", place),
            encoder=part_at(self.encoders[encoder], "encoder", place),
            metrics=self.metrics,
            sources=self.sources,
            letters=int(place["letters"]),
            rate_bits=float(place["rate_bits"]),
        )
