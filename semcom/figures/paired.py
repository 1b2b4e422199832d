"""Comparisons of curves in pairs: two points of a run that met the same sources and channels, batch by batch."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from semcom.errors import UserError, nearest
from semcom.figures.curves import finished_lines
from semcom.record.folder import RunFolder
from semcom.record.line import Finished
from semcom.studies.study import Coordinate

FALSE_ALARM = 0.05  # of all comparisons of a metric together

Place = tuple[tuple[str, Coordinate], ...]
"""Coordinates that both points of a pair have."""


class Comparison(NamedTuple):
    """How much greater a metric is with one name than with another at the same place."""

    place: Place
    other: str
    difference: float
    half_width: float
    """Half the 95 % interval of the difference alone."""
    chance: float
    """Of so great a difference by luck, where there is none: two-sided, Student's t over batches."""
    holm: float
    """That chance, adjusted for the number of comparisons. [Holm 1979]"""

    @property
    def certain(self) -> bool:
        """Whether the difference is none of luck, at 5 % for all comparisons together."""
        return self.holm < FALSE_ALARM


def compare(folder: RunFolder, name: str, metric: str) -> tuple[Comparison, ...]:
    """The curve with this name against each other one at each place. Raises UserError for an unknown name or metric,

    and for points that cannot be paired: of one chunk, or of different numbers of chunks.
    """
    scenario = folder.scenario()
    if metric not in scenario.study.metric_names():
        raise UserError(f"metric {metric} is not in this run; {nearest(metric, scenario.study.metric_names())}")
    lines = finished_lines(folder)
    axis = _axis_of(lines, scenario.study.labels, name)
    places = _places(lines, axis)
    pairs = [
        (place, str(other), _differences(place, named[name], lines_there, metric))
        for place, named in places.items()
        if name in named
        for other, lines_there in named.items()
        if other != name
    ]
    if not pairs:
        raise UserError(f"{name} is alone; expected other names of {axis} to compare it with")
    tests = [_test(differences) for _, _, differences in pairs]
    adjusted = holm([chance for _, _, chance in tests])
    return tuple(
        Comparison(place, other, *test, chance)
        for (place, other, _), test, chance in zip(pairs, tests, adjusted, strict=True)
    )


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance times the number of those that are not smaller, made to rise, and 1 at most. [Holm 1979]"""
    adjusted, least = [0.0] * len(chances), 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda index: chances[index])):
        least = max(least, min(1.0, (len(chances) - rank) * chances[place]))
        adjusted[place] = least
    return adjusted


def _axis_of(lines: Sequence[Finished], labels: Sequence[str], name: str) -> str:
    known = {
        str(line.coordinates[label]): label for line in lines for label in reversed(labels) if label in line.coordinates
    }
    if name not in known:
        raise UserError(f"{name!r} is no name of this run; {nearest(name, known)}")
    return known[name]


def _places(lines: Sequence[Finished], axis: str) -> Mapping[Place, Mapping[Coordinate, list[Finished]]]:
    """For each place the lines of each name there, its repeats."""
    places: dict[Place, dict[Coordinate, list[Finished]]] = {}
    for line in lines:
        place = tuple((field, value) for field, value in line.coordinates.items() if field != axis)
        places.setdefault(place, {}).setdefault(line.coordinates[axis], []).append(line)
    return places


def _differences(place: Place, ours: Sequence[Finished], theirs: Sequence[Finished], metric: str) -> list[float]:
    return [
        mine - other
        for one, another in zip(ours, theirs, strict=False)
        for mine, other in _batches(place, one, another, metric)
    ]


def _batches(place: Place, one: Finished, another: Finished, metric: str) -> Iterator[tuple[float, float]]:
    where = ", ".join(f"{field} {value}" for field, value in place)
    if not (metric in one.batches and metric in another.batches):
        raise UserError(f"{where}: the record keeps no batches of {metric}; run points of two chunks or more anew")
    if one.chunks != another.chunks:
        raise UserError(
            f"{where}: points of {one.chunks} and {another.chunks} chunks are no pairs; let stop.max_blocks end both"
        )
    return zip(one.batches[metric], another.batches[metric], strict=True)


def _test(differences: Sequence[float]) -> tuple[float, float, float]:
    """The mean, half its 95 % interval, and the chance of one so far from nought."""
    from scipy.special import stdtr, stdtrit

    count = len(differences)
    mean = math.fsum(differences) / count
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in differences) / (count - 1) / count)
    if deviation == 0.0:
        return mean, 0.0, 1.0 if mean == 0.0 else 0.0
    return mean, float(stdtrit(count - 1, 0.975)) * deviation, 2.0 * float(stdtr(count - 1, -abs(mean) / deviation))
