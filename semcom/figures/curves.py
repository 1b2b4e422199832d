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
from semcom.sweep.job import check_counts, jobs_of
from semcom.tally import Interval, Tallies, merge
from semcom_channels.units import BEFORE_GAIN


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
    """The curves of one metric, or a part of them."""

    metric: str
    axis: str
    axis_label: str
    """What the axis across says, with its unit."""
    sampled: bool
    """Whether the places along the axis are a sample, of which the figure shows the distribution."""
    curves: tuple[Curve, ...]
    part: str = ""
    """What its curves have in common, where those of a metric stand in several panels."""


def finished_lines(folder: RunFolder) -> tuple[Finished, ...]:
    """The finished points that belong to the folder's scenario as it is now, in its order and under its names."""
    kept, scenario = folder.finished(), folder.scenario()
    jobs = [job for job in jobs_of(scenario) if job.key in kept]
    check_counts(folder.path, jobs, kept)
    return tuple(kept[job.key]._replace(coordinates=job.point.coordinates) for job in jobs)


def cautions(folder: RunFolder) -> Iterator[tuple[str, str]]:
    """For each finished point the name of its channel or its game, and what its record cautions about."""
    for line in finished_lines(folder):
        where = next((str(line.coordinates[part]) for part in ("channel", "game") if part in line.coordinates), "")
        yield from ((where, said) for said in line.cautions)


def drawable(folder: RunFolder) -> bool:
    """Whether any point is finished."""
    return bool(finished_lines(folder))


def panels(folder: RunFolder, run: str = "") -> tuple[Panel, ...]:
    """A panel for each metric of a run, whose curves say that they are of `run`. UserError when nothing is finished."""
    scenario = folder.scenario()
    return _panels(folder, run, scenario.figure.metrics or scenario.study.metric_names())


def panels_beside(folder: RunFolder) -> tuple[Panel, ...]:
    """A panel for each metric that the record holds unasked, such as how often files were lost."""
    asked = folder.scenario().study.metric_names()
    held = dict.fromkeys(metric for line in finished_lines(folder) for metric in line.tallies)
    return _panels(folder, "", tuple(metric for metric in held if metric not in asked))


def _panels(folder: RunFolder, run: str, metrics: tuple[str, ...]) -> tuple[Panel, ...]:
    scenario = folder.scenario()
    lines = finished_lines(folder)
    if not lines:
        raise UserError(f"{folder.path}: no point of its scenario is finished; go on with `semcom run`")
    axis = scenario.axis_across()
    grouped = _grouped(lines, axis)
    parts = dict.fromkeys(part_of(dict(group), scenario) for group in grouped)
    names = _labels([_within(group, scenario) for group in grouped], scenario.study.labels)
    found = (
        Panel(
            metric,
            axis,
            _axis_said(axis, scenario, lines),
            scenario.figure.distribution is not None,
            tuple(
                _curve(run, names[tuple(_within(group, scenario).items())], places, metric)
                for group, places in grouped.items()
                if part_of(dict(group), scenario) == part and all(metric in tallies for tallies in places.values())
            ),
            part,
        )
        for metric in metrics
        for part in parts
    )
    return tuple(panel for panel in found if panel.curves)


def _axis_said(axis: str, scenario: Scenario, lines: Sequence[Finished]) -> str:
    """What the axis across says; an SNR that a record gives before beamforming gain says that too."""
    said = axis_label(axis, scenario.study.axis_labels)
    before = any(BEFORE_GAIN in line.conventions.get(axis, "") for line in lines)
    return said.replace(" (dB)", f" {BEFORE_GAIN} (dB)") if before else said


def part_of(coordinates: Mapping[str, Coordinate], scenario: Scenario) -> str:
    """What tells the panel of a point from others of its metric; empty where curves share a panel."""
    split, study = scenario.figure.panels, scenario.study
    if split is None:
        return ""
    if split in study.axis_labels and split not in study.labels:
        return f"{study.axis_labels[split]}: {_shown(coordinates[split])}"
    return _said(split, coordinates[split], split in study.labels)


def _within(group: "Group", scenario: Scenario) -> dict[str, Coordinate]:
    """What tells a curve from others of its panel."""
    return {name: value for name, value in group if name != scenario.figure.panels}


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


def _labels(groups: Sequence[Mapping[str, Coordinate]], labels: tuple[str, ...]) -> dict[Group, str]:
    """What tells each curve from the others, and the first of the study's labels where there is but one curve."""
    differing = [name for name in groups[0] if len({group[name] for group in groups}) > 1]
    shown = differing or [next(name for name in labels if name in groups[0])]
    return {
        tuple(group.items()): ", ".join(_said(name, group[name], name in labels) for name in shown) for group in groups
    }


def _said(name: str, value: Coordinate, label: bool) -> str:
    """A field's last name and value in words; a field inside another has the other's name before it."""
    if label:
        return str(value)
    *outer, last = name.split(".")
    words, unit = last.removesuffix("_db"), " dB" if last.endswith("_db") else ""
    before = [outer[-1]] if len(outer) > 1 and not outer[-1].isdigit() else []
    return f"{' '.join([*before, words]).replace('_', ' ')} {_shown(value)}{unit}"


def _shown(value: Coordinate) -> str:
    return value if isinstance(value, str) else f"{value:g}"
