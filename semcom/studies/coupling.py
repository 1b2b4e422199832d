"""Couplings of two distributions: how little entropy they have, and how long they take."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Literal

from pydantic import Field

from semcom.couplers import COUPLERS, Coupler
from semcom.couplers.metrics import COUPLING_METRICS, CouplingMetric
from semcom.marginals import MARGINALS, Marginal
from semcom.studies.coupling_point import CouplingPoint
from semcom.studies.study import Coordinate, Point, Study, Sweep
from semcom.studies.sweep_fields import check_amounts, check_asked, check_axes, check_given, part_at, places_of

AXIS_LABELS = {"letters": "Letters of each marginal", "marginals.concentration": "Concentration of the Dirichlet law"}


class CouplingStudy(Study):
    """Every coupler on every family of marginals at every number of letters."""

    kind: Literal["coupling"] = "coupling"
    labels = ("coupler", "marginals")
    axis_labels = AXIS_LABELS
    marginals: Annotated[dict[str, Annotated[Marginal, MARGINALS]], Field(min_length=1)]
    """From what both marginals of a pair are drawn, independently, under the names that the legend shows."""
    couplers: Annotated[dict[str, Annotated[Coupler, COUPLERS]], Field(min_length=1)]
    """Who joins them, under the names that the legend shows."""
    metrics: Annotated[tuple[Annotated[CouplingMetric, COUPLING_METRICS], ...], Field(min_length=1)]
    """What is measured."""
    pairs: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Pairs of marginals in a chunk, the smallest piece of work."""

    def points(self, sweep: Sweep) -> tuple[Point, ...]:
        """The points, family by family; raises UserError for parts that do not fit together."""
        found = tuple(self._points(sweep))
        check_asked(found)
        return found

    def metric_names(self) -> tuple[str, ...]:
        """The kinds of what is measured, the deciding one first."""
        return tuple(metric.kind for metric in self.metrics)

    def block(self) -> str:
        """A pair."""
        return "a pair of marginals"

    def _points(self, sweep: Sweep) -> Iterator[Point]:
        check_axes(sweep, ("letters",), ("marginals", "coupler"))
        check_given(sweep, ("letters",), self.kind)
        check_amounts(sweep, counts=("letters",))
        for family, coupler in product(self.marginals, self.couplers):
            for place in places_of(sweep):
                task = self._task(family, coupler, place)
                if task.coupler.is_asked(task.letters):
                    named: dict[str, Coordinate] = {"marginals": family, "coupler": coupler}
                    yield Point({**named, **place}, task, {})

    def _task(self, family: str, coupler: str, place: Mapping[str, Coordinate]) -> CouplingPoint:
        return CouplingPoint(
            marginals=part_at(self.marginals[family], "marginals", place),
            coupler=part_at(self.couplers[coupler], "coupler", place),
            metrics=self.metrics,
            pairs=self.pairs,
            letters=int(place["letters"]),
        )
