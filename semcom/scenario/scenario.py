"""What a scenario file holds."""

import math
import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, WithJsonSchema, field_validator, model_validator

from semcom.errors import UserError
from semcom.studies import STUDIES
from semcom.studies.study import Point, Study
from semcom.tally import Mean, Rate, Tally
from semcom_channels import Spec

MOST_POINTS = 100_000
DIGITS = 10  # after the point, to which the values of a range are rounded; small steps have more
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"


class Range(Spec):
    """Values at equal steps from `start` on, as far as `stop`, which is one of them if a step ends there."""

    start: float
    stop: float
    step: Annotated[float, Field(gt=0.0)]

    @model_validator(mode="after")
    def _it_is_finite(self) -> Self:
        if not self.start <= self.stop:
            raise ValueError(f"from {self.start} to {self.stop}; expected start below stop")
        if not self.stop - self.start < MOST_POINTS * self.step:
            raise ValueError(f"from {self.start} to {self.stop} by {self.step}; expected at most {MOST_POINTS} values")
        return self

    def values(self) -> tuple[float, ...]:
        """start, start + step, ..., as far as stop."""
        count = int((self.stop - self.start) / self.step + 1e-9) + 1
        digits = max(DIGITS, 2 - math.floor(math.log10(self.step)))
        return tuple(round(self.start + index * self.step, digits) for index in range(count))


def _how_given(given: object) -> str | None:
    if isinstance(given, dict | Range):
        return "steps"
    return "values" if isinstance(given, list | tuple) else None


AxisValues = Annotated[
    Annotated[Range, Tag("steps")] | Annotated[tuple[str | float, ...], Tag("values")],
    Discriminator(
        _how_given,
        custom_error_type="axis_values",
        custom_error_message="it should be a list such as [0, 5, 10] or a mapping {start: 0, stop: 10, step: 5}",
    ),
]


class StopRule(Spec):
    """When a point has enough: its interval is narrow, or it has had all the blocks it may have."""

    metric: str | None = None
    """The metric that decides; null: the first one."""
    relative_half_width: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.1
    """Half the 95 % interval over the estimate, for rates and roots of means."""
    half_width: Annotated[float, Field(gt=0.0)] = 0.1
    """Half the 95 % interval in the metric's own unit, for means."""
    min_errors: Annotated[int, Field(ge=1)] = 100
    """Errors that a rate needs before it may stop."""
    min_blocks: Annotated[int, Field(ge=2)] = 10
    """Independent blocks that any point needs before it may stop. Intervals cover less than 95 % where few may do."""
    max_blocks: Annotated[int, Field(ge=2)] = 100_000
    """Independent blocks after which a point stops in any case, also before `min_blocks`."""

    def enough(self, tally: Tally) -> bool:
        """Whether a point with this tally of the deciding metric may stop."""
        blocks = _blocks(tally)
        if blocks >= self.max_blocks:
            return True
        return blocks >= self.min_blocks and self._narrow(tally)

    def share(self, tally: Tally) -> float:
        """About how much of a point's work is done, 0 to 1: widths shrink with the root of the blocks."""
        blocks = _blocks(tally)
        if isinstance(tally, Mean):
            width = (self.half_width / max(tally.half_width(), 1e-12)) ** 2
        else:
            width = (self.relative_half_width / max(tally.relative_half_width(), 1e-12)) ** 2
        if isinstance(tally, Rate):
            width = min(width, tally.errors / self.min_errors)
        return min(max(width, blocks / self.max_blocks), 1.0)

    def chunks_left(self, tally: Tally, chunks: int) -> int:
        """Chunks until the most blocks are reached."""
        per_chunk = _blocks(tally) / chunks
        return max(math.ceil((self.max_blocks - _blocks(tally)) / per_chunk), 1)

    def _narrow(self, tally: Tally) -> bool:
        if isinstance(tally, Mean):
            return tally.half_width() <= self.half_width
        errors = tally.errors if isinstance(tally, Rate) else self.min_errors
        return errors >= self.min_errors and tally.relative_half_width() <= self.relative_half_width


def _blocks(tally: Tally) -> int:
    return tally.n if isinstance(tally, Mean) else tally.blocks


class FigureSpec(Spec):
    """How the figure is drawn."""

    title: str | None = None
    """The title; null: the scenario's name."""
    x: str | None = None
    """The axis across, of the sweep or of names, such as estimator; null: the first one with more than one value."""
    distribution: str | None = None
    """An axis whose values are a sample, such as channel.user: the figure shows each metric's distribution over it."""
    metrics: tuple[str, ...] | None = None
    """A panel for each of these; null: all that were measured."""
    panels: str | None = None
    """An axis or a name, such as marginals: each of its values has panels of its own; null: curves share a panel."""


def _names_folder(given: str) -> str:
    if len(given) > 100 or re.fullmatch(NAME.strip("^$"), given) is None:
        raise ValueError(
            f"{given[:60]!r} names no run folder; expected at most 100 letters of A to Z, a to z, 0 to 9, and _ . - "
            "after the first"
        )
    return given


class Scenario(Spec):
    """A question, put so that it can be computed again."""

    name: Annotated[
        str, AfterValidator(_names_folder), WithJsonSchema({"type": "string", "pattern": NAME, "maxLength": 100})
    ]
    """Names the run folder."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 1
    """The one number that all randomness comes from."""
    repeats: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Independent runs of every point."""
    study: Annotated[Study, STUDIES]
    """What is asked."""
    sweep: Annotated[dict[str, AxisValues], Field(min_length=1)]
    """For each axis its values: snr_db, ebn0_db, or a field such as transceiver.bandwidth_ratio."""
    stop: StopRule = StopRule()
    figure: FigureSpec = FigureSpec()

    @field_validator("sweep")
    @classmethod
    def _axes_have_distinct_values(cls, sweep: dict[str, Any]) -> dict[str, Any]:
        count = 1
        for axis, given in sweep.items():
            values = given.values() if isinstance(given, Range) else given
            if not values:
                raise ValueError(f"{axis} has no values")
            if len(set(values)) < len(values):
                raise ValueError(f"{axis} has a value twice")
            count *= len(values)
            if count > MOST_POINTS:
                raise ValueError(f"the axes make {count} points up to {axis}; expected at most {MOST_POINTS}")
        return sweep

    def axes(self) -> dict[str, tuple[str | float, ...]]:
        """Each axis with its values, ranges spelled out."""
        return {axis: given.values() if isinstance(given, Range) else given for axis, given in self.sweep.items()}

    def axis_across(self) -> str:
        """The axis that the figure has across: its choice, or the first one with more than one value."""
        axes = {axis: values for axis, values in self.axes().items() if axis != self.figure.panels}
        several = (axis for axis, values in axes.items() if len(values) > 1)
        return self.figure.distribution or self.figure.x or next(several, next(iter(axes or self.sweep)))

    def points(self) -> tuple[Point, ...]:
        """All points; raises UserError for parts that do not fit together."""
        metrics = self.study.metric_names()
        _check_known("stop.metric", (self.stop.metric,), metrics)
        _check_known("figure.metrics", self.figure.metrics or (), metrics)
        _check_known("figure.x", (self.figure.x,), (*self.sweep, *self.study.labels))
        _check_known("figure.panels", (self.figure.panels,), (*self.sweep, *self.study.labels))
        _check_known("figure.distribution", (self.figure.distribution,), tuple(self.sweep))
        if self.figure.panels == self.axis_across():
            raise UserError(f"figure.panels: {self.figure.panels} is the axis across already; choose another")
        self._check_count()
        return self.study.points(self.axes())

    def _check_count(self) -> None:
        counts = [len(values) for values in self.axes().values()]
        named = [getattr(self.study, field, None) for label in self.study.labels for field in (label, f"{label}s")]
        counts += [len(names) for names in named if isinstance(names, dict)]
        if math.prod(counts) * self.repeats > MOST_POINTS:
            made = " x ".join(map(str, [*counts, self.repeats]))
            raise UserError(f"sweep: {made} points with all names and repeats; expected at most {MOST_POINTS}")

    def stop_metric(self) -> str:
        """The metric that stops a point."""
        return self.stop.metric or self.study.metric_names()[0]


def _check_known(field: str, given: tuple[str | None, ...], known: tuple[str, ...]) -> None:
    for name in given:
        if name is not None and name not in known:
            raise UserError(f"{field}: {name} is not in this scenario; expected {', '.join(known)}")
