"""Closed forms beside measured curves."""

from collections.abc import Mapping, Sequence

from semcom.figures.curves import Curve, part_of
from semcom.scenario.scenario import Scenario
from semcom.studies.study import Coordinate, Point
from semcom.tally import Interval

STEPS = 60
SNR_AXES = ("snr_db", "ebn0_db")


def reference_curves(scenario: Scenario, part: str = "") -> Mapping[str, tuple[Curve, ...]]:
    """For each metric the closed forms of the curves in a part's panel; none where there is no closed form.

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
    for point in scenario.study.points({**scenario.axes(), axis: fine}):
        group = tuple(value for name, value in point.coordinates.items() if name != axis)
        if part_of(point.coordinates, scenario) == part:
            groups.setdefault(group, []).append(point)
    return {
        metric: tuple(curve for points in groups.values() if (curve := _curve(points, axis, metric)) is not None)
        for metric in scenario.study.metric_names()
    }


def _curve(points: Sequence[Point], axis: str, metric: str) -> Curve | None:
    values = [value for point in points if (value := point.task.reference(metric)) is not None]
    if len(values) < len(points):
        return None
    y = tuple(Interval(value, value, value) for value in values)
    return Curve("", "closed form", tuple(point.coordinates[axis] for point in points), y, (0,) * len(y))
