"""Comparisons of curves in pairs: two points of a run that met the same sources and channels, batch by batch."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from semcom.errors import UserError, nearest
from semcom.figures.curves import finished_lines
from semcom.figures.words import metric_of
from semcom.record.folder import RunFolder
from semcom.record.line import Finished
from semcom.studies.study import Coordinate
from semcom.sweep.job import jobs_of

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
    """Of so great a difference by luck, where there is none: two-sided, Student's t over batches.

    It is never below 2^(1 - batches), that of batches which all differ the same way.
    """
    holm: float
    """That chance, adjusted for the number of comparisons. [Holm 1979]"""
    batches: int
    """In how many batches both were measured."""
    least: float
    """What `holm` would be if all batches of all comparisons differed the same way: none is smaller."""

    @property
    def certain(self) -> bool:
        """Whether the difference is none of luck, at 5 % for all comparisons together."""
        return self.holm < FALSE_ALARM

    @property
    def decidable(self) -> bool:
        """Whether there are batches enough that it could be certain."""
        return self.least < FALSE_ALARM


class Pair(NamedTuple):
    """Both estimates in each batch, and how many chunks a batch has."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    weights: tuple[int, ...]


def compare(folder: RunFolder, name: str, metric: str) -> tuple[Comparison, ...]:
    """The curve with this name against each other one at each place.

    Raises UserError for an unknown name or metric, for a root of a mean, and for points that are no pairs: of other
    sources and channels, of one chunk, or of different numbers of chunks.
    """
    scenario = folder.scenario()
    every = finished_lines(folder)
    held = tuple(dict.fromkeys((*scenario.study.metric_names(), *(name for line in every for name in line.tallies))))
    if metric not in held:
        raise UserError(f"metric {metric} is not in this run; {nearest(metric, held)}")
    kind = metric_of(metric)
    if kind is not None and kind.counts == "root":
        raise UserError(f"{metric} is the root of a mean, of which batches are no pairs; compare a rate or a mean")
    lines = tuple(line for line in every if metric in line.tallies)  # not all send files, say
    axis = _axis_of(lines, scenario.study.labels, name)
    shared = {job.key: set(job.point.task.stream_keys().values()) for job in jobs_of(scenario)}
    places = _places(lines, axis)
    found = [
        (place, str(other), _pairs(place, named[name], named[other], metric, shared))
        for place, named in places.items()
        if name in named
        for other in named
        if other != name
    ]
    if not found:
        raise UserError(f"{name} is alone; expected other names of {axis} to compare it with")
    tests = [_test(pairs) for _, _, pairs in found]
    adjusted = holm([chance for _, _, chance in tests])
    batches = [sum(len(pair.ours) for pair in pairs) for _, _, pairs in found]
    least = holm([_least_chance(count) for count in batches])
    return tuple(
        Comparison(place, other, *test, chance, count, floor)
        for (place, other, _), test, chance, count, floor in zip(found, tests, adjusted, batches, least, strict=True)
    )


def batches_needed(comparisons: int) -> int:
    """Batches of each from which on so many comparisons can be certain, were all to differ the same way."""
    return next(count for count in itertools.count(2) if comparisons * _least_chance(count) < FALSE_ALARM)


def _least_chance(batches: int) -> float:
    """Of batches which all differ the same way, as coins that all fall alike, on either side."""
    return float(2.0 ** (1 - batches))


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


def _places(lines: Sequence[Finished], axis: str) -> Mapping[Place, Mapping[Coordinate, Mapping[int, Finished]]]:
    """For each place and name the line of each repeat."""
    places: dict[Place, dict[Coordinate, dict[int, Finished]]] = {}
    for line in lines:
        place = tuple((field, value) for field, value in line.coordinates.items() if field != axis)
        places.setdefault(place, {}).setdefault(line.coordinates[axis], {})[line.repeat] = line
    return places


def _pairs(
    place: Place,
    ours: Mapping[int, Finished],
    theirs: Mapping[int, Finished],
    metric: str,
    shared: Mapping[str, set[int]],
) -> list[Pair]:
    """Those of repeats that both have."""
    where = ", ".join(f"{field} {value}" for field, value in place)
    pairs = []
    for repeat in sorted(ours.keys() & theirs.keys()):
        one, other = ours[repeat], theirs[repeat]
        if not shared[one.key] & shared[other.key]:
            raise UserError(f"{where}: these points share no random numbers, so they are no pairs")
        if one.chunks != other.chunks:
            raise UserError(
                f"{where}: points of {one.chunks} and {other.chunks} chunks are no pairs; let stop.max_blocks end both"
            )
        if one.chunks < 2:
            raise UserError(f"{where}: points of one chunk have no batches; let them have more blocks")
        if not (metric in one.batches and metric in other.batches):
            raise UserError(f"{where}: the record keeps no batches of {metric}, which has no number in some of them")
        mine, yours = one.batches[metric], other.batches[metric]
        weights = tuple(len(range(batch, one.chunks, len(mine))) for batch in range(len(mine)))
        pairs.append(Pair(mine, yours, weights))
    return pairs


def _test(pairs: Sequence[Pair]) -> tuple[float, float, float]:
    """The mean difference, half its 95 % interval, and the chance of one so far from nought."""
    from scipy.special import stdtr, stdtrit

    weights = [weight for pair in pairs for weight in pair.weights]
    differences = [mine - other for pair in pairs for mine, other in zip(pair.ours, pair.theirs, strict=True)]
    count, total = len(differences), sum(weights)
    mean = math.fsum(weight * value for weight, value in zip(weights, differences, strict=True)) / total
    scatter = math.fsum((weight * (value - mean)) ** 2 for weight, value in zip(weights, differences, strict=True))
    deviation = math.sqrt(scatter / total**2 * count / (count - 1))
    half_width = float(stdtrit(count - 1, 0.975)) * deviation
    if mean == 0.0:
        return 0.0, half_width, 1.0
    chance = 0.0 if deviation == 0.0 else 2.0 * float(stdtr(count - 1, -abs(mean) / deviation))
    return mean, half_width, max(chance, _least_chance(count))
