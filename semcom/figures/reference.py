"""Closed forms beside measured curves."""

from collections.abc import Mapping, Sequence

from semcom.figures.curves import Curve, panel_title
from semcom.scenario.scenario import Scenario
from semcom.studies.study import Coordinate, Point
from semcom.tally import Interval

STEPS = 60
SNR_AXES = ("snr_db", "ebn0_db")


def reference_curves(scenario: Scenario) -> Mapping[tuple[str, str], tuple[Curve, ...]]:
    """For each metric and panel's title the closed forms of the curves there; none where there is no closed form.

    Along an SNR they stand on a fine axis; other fields may allow whole numbers or certain ratios only, and have them
    at the values that are swept.
    """
    axis = scenario.axis_across()
    values = scenario.axes().get(axis, ())
    numbers = [value for value in values if isinstance(value, float | int)]
    if len(numbers) < max(len(values), 2):
        return {}
    low, high = min(numbers), max(numbers)
    fine = tuple(low + (high - low) * step / STEPS for step in range(STEPS + 1)) if axis in SNR_AXES else values
    groups: dict[tuple[Coordinate, ...], list[Point]] = {}
    titles: dict[tuple[Coordinate, ...], str] = {}
    for point in scenario.study.points({**scenario.axes(), axis: fine}):
        group = tuple(value for name, value in point.coordinates.items() if name != axis)
        groups.setdefault(group, []).append(point)
        titles[group] = panel_title(point.coordinates, scenario)
    found = {
        (metric, group): curve
        for metric in scenario.study.metric_names()
        for group, points in groups.items()
        if (curve := _curve(points, axis, metric)) is not None
    }
    panels = dict.fromkeys((metric, titles[group]) for metric, group in found)
    return {
        panel: tuple(curve for (metric, group), curve in found.items() if (metric, titles[group]) == panel)
        for panel in panels
    }


def _curve(points: Sequence[Point], axis: str, metric: str) -> Curve | None:
    values = [value for point in points if (value := point.task.reference(metric)) is not None]
    if len(values) < len(points):
        return None
    y = tuple(Interval(value, value, value) for value in values)
    return Curve("", "closed form", tuple(point.coordinates[axis] for point in points), y, (0,) * len(y))
