"""Curves from counts: what a figure and a table show."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from semcom.errors import UserError
from semcom.figures.words import axis_label
from semcom.record.folder import RunFolder
from semcom.record.line import Finished
from semcom.scenario.scenario import Scenario
from semcom.studies.study import Coordinate
from semcom.sweep.job import jobs_of
from semcom.tally import Interval, Tallies, merge


class Curve(NamedTuple):
    """One line of a figure: an estimate with its interval at each place along the axis across."""

    run: str
    """What tells its run from those beside it; empty for a run alone."""
    label: str
    """What tells it from the other curves of its run."""
    x: tuple[Coordinate, ...]
    y: tuple[Interval, ...]
    blocks: tuple[int, ...]


class Panel(NamedTuple):
    """The curves of one metric, at one value of the axis that has panels of its own."""

    metric: str
    title: str
    """That value in words; empty where there is no such axis."""
    axis: str
    axis_label: str
    """What the axis across says, with its unit."""
    sampled: bool
    """Whether the places along the axis are a sample, of which the figure shows the distribution."""
    curves: tuple[Curve, ...]


def finished_lines(folder: RunFolder) -> tuple[Finished, ...]:
    """The finished points that belong to the folder's scenario as it is now, in its order and under its names."""
    kept = folder.finished()
    jobs = [job for job in jobs_of(folder.scenario()) if job.key in kept]
    return tuple(kept[job.key]._replace(coordinates=job.point.coordinates) for job in jobs)


def cautions(folder: RunFolder) -> Iterator[tuple[str, str]]:
    """For each finished point its channel's name and what its record cautions about."""
    for line in finished_lines(folder):
        yield from ((str(line.coordinates.get("channel", "")), said) for said in line.cautions)


def drawable(folder: RunFolder) -> bool:
    """Whether any point is finished."""
    return bool(finished_lines(folder))


def panels(folder: RunFolder, run: str = "") -> tuple[Panel, ...]:
    """A panel for each metric of a run, whose curves say that they are of `run`. UserError when nothing is finished."""
    scenario = folder.scenario()
    lines = finished_lines(folder)
    if not lines:
        raise UserError(f"{folder.path}: no point of its scenario is finished; go on with `semcom run`")
    axis = scenario.axis_across()
    grouped = _grouped(lines, axis)
    names = _labels([dict(group) for group in grouped], scenario)
    titles = {group: panel_title(dict(group), scenario) for group in grouped}
    return tuple(
        Panel(
            metric,
            title,
            axis,
            axis_label(axis, scenario.study.axis_labels),
            scenario.figure.distribution is not None,
            tuple(
                _curve(run, names[group], places, metric) for group, places in grouped.items() if titles[group] == title
            ),
        )
        for title in dict.fromkeys(titles.values())
        for metric in scenario.figure.metrics or tuple(lines[0].tallies)
    )


def panel_title(coordinates: Mapping[str, Coordinate], scenario: Scenario) -> str:
    """What a panel with that point says above; nothing where no axis has panels of its own."""
    name = scenario.figure.panel
    return "" if name is None else _said(name, coordinates[name], scenario)


Group = tuple[tuple[str, Coordinate], ...]


def _grouped(lines: Sequence[Finished], axis: str) -> dict[Group, dict[Coordinate, Tallies]]:
    """For each curve the tallies at each place along the axis, repeats merged."""
    groups: dict[Group, dict[Coordinate, Tallies]] = {}
    for line in lines:
        group = tuple((name, value) for name, value in line.coordinates.items() if name != axis)
        places = groups.setdefault(group, {})
        place = line.coordinates[axis]
        places[place] = merge(places[place], line.tallies) if place in places else line.tallies
    return groups


def _curve(run: str, label: str, places: Mapping[Coordinate, Tallies], metric: str) -> Curve:
    order = sorted(places, key=_along) if all(number(place) is not None for place in places) else list(places)
    tallies = [places[place][metric] for place in order]
    return Curve(
        run, label, tuple(order), tuple(tally.interval() for tally in tallies), tuple(tally[0] for tally in tallies)
    )


def number(place: Coordinate) -> float | None:
    """The place as a number; fractions such as 1/12 are numbers, other text is not."""
    try:
        return float(Fraction(place)) if isinstance(place, str) else float(place)
    except (ValueError, ZeroDivisionError):
        return None


def _along(place: Coordinate) -> float:
    return number(place) or 0.0


def _labels(groups: Sequence[Mapping[str, Coordinate]], scenario: Scenario) -> dict[Group, str]:
    """What tells each curve from the others, and the first of the study's labels where there is but one curve."""
    split, labels = scenario.figure.panel, scenario.study.labels
    differing = [name for name in groups[0] if name != split and len({group[name] for group in groups}) > 1]
    shown = differing or [next(name for name in labels if name in groups[0])]
    return {tuple(group.items()): ", ".join(_said(name, group[name], scenario) for name in shown) for group in groups}


def _said(name: str, value: Coordinate, scenario: Scenario) -> str:
    """A field's last name and value in words; a field inside another has the other's name before it."""
    if name in scenario.study.labels:
        return str(value)
    *outer, last = name.split(".")
    words, unit = last.removesuffix("_db"), " dB" if last.endswith("_db") else ""
    before = [outer[-1]] if len(outer) > 1 and not outer[-1].isdigit() else []
    said = f"{value:g}" if isinstance(value, float) else value
    return f"{' '.join([*before, words]).replace('_', ' ')} {said}{unit}"
