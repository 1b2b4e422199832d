"""Distributions of a metric over the places of an axis that is a sample, such as users of a drop."""

from typing import Any

from semcom.figures.curves import Curve, Panel
from semcom.figures.look import look_of
from semcom.figures.texts import label_of
from semcom.figures.words import metric_of, places_along
from semcom.tally import Rate

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def values_of(curve: Curve) -> list[float]:
    """The estimates at all places, rising."""
    return sorted(y.value for y in curve.y)


def quantile(values: list[float], share: float) -> float:
    """The least of rising values that at least a share of them do not pass."""
    return values[max(-int(-share * len(values) // 1) - 1, 0)]


def draw_distribution(axes: Any, panel: Panel) -> None:
    """For each curve the share of places at or below each value, in a binomial band, as if places were independent."""
    metric = metric_of(panel.metric)
    runs = list(dict.fromkeys(curve.run for curve in panel.curves))
    labels = list(dict.fromkeys(curve.label for curve in panel.curves))
    for curve in panel.curves:
        look = look_of(runs.index(curve.run), labels.index(curve.label))
        values = values_of(curve)
        count = len(values)
        shares = [Rate(count, reached, count, reached).interval() for reached in range(1, count + 1)]
        label = label_of(f"{curve.run}: {curve.label}" if curve.run else curve.label)
        line = {"color": look["color"], "linestyle": look["linestyle"]}
        axes.step(values, [share.value for share in shares], where="post", lw=1.6, label=label, **line)
        ends = ([share.low for share in shares], [share.high for share in shares])
        axes.fill_between(values, *ends, step="post", alpha=0.12, color=look["color"], lw=0)
    axes.set_xlabel(metric.label if metric else panel.metric)
    axes.set_ylabel(f"Share of {places_along(panel.axis_label)} at or below")
    axes.set_ylim(0.0, 1.0)
