"""Points on their way through a sweep."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from semcom.errors import UserError
from semcom.record.folder import WHOLE, Part
from semcom.record.line import BATCHES, Finished, UnderWay
from semcom.scenario.scenario import Scenario, StopRule
from semcom.studies.study import Point
from semcom.sweep.memory import check_memory, machine_bytes
from semcom.tally import RootMean, Tallies, Tally, merge
from semcom_channels.spec import key_of


class Chunk(NamedTuple):
    """What one chunk gave, and the seconds it took."""

    tallies: Tallies
    seconds: float


@dataclass
class Job:
    """A point and repeat on its way: chunks are folded in order, the stop rule is asked at the end of each round."""

    point: Point
    repeat: int
    key: str
    chunks: int = 0
    round_end: int = 1
    seconds: float = 0.0
    tallies: Tallies = field(default_factory=dict)
    batches: list[Tallies] = field(default_factory=list)
    contents: Mapping[str, str] = field(default_factory=dict)
    sent: int = 0
    waiting: dict[int, Chunk] = field(default_factory=dict)

    def fold(self, rule: StopRule, metric: str) -> bool:
        """Folds what has arrived in order; whether the point has enough."""
        while self.chunks in self.waiting:
            chunk = self.waiting.pop(self.chunks)
            self.tallies = merge(self.tallies, chunk.tallies) if self.tallies else chunk.tallies
            self._into_batch(chunk.tallies)
            self.seconds += chunk.seconds
            self.chunks += 1
        if self.chunks < self.round_end:
            return False
        deciding = self.deciding(metric)
        if rule.enough(deciding):
            return True
        self.round_end = self.chunks + min(max(self.chunks // 2, 1), rule.chunks_left(deciding, self.chunks))
        return False

    def deciding(self, metric: str) -> Tally:
        """The tally of that metric; where the point has none, of its first, as of a link that sends no files."""
        return self.tallies.get(metric) or next(iter(self.tallies.values()))

    def _into_batch(self, tallies: Tallies) -> None:
        """Chunk c is of batch c mod 20."""
        if self.chunks < BATCHES:
            self.batches.append(tallies)
        else:
            place = self.chunks % BATCHES
            self.batches[place] = merge(self.batches[place], tallies)

    def under_way(self) -> UnderWay:
        """What the record keeps of it meanwhile."""
        kept = (self.key, self.chunks, self.round_end, self.seconds, self.contents, self.tallies)
        return UnderWay(*kept, tuple(self.batches))

    def finished(self) -> Finished:
        """What the record keeps of it in the end."""
        coordinates, task, conventions = self.point
        return Finished(
            key=self.key,
            coordinates=coordinates,
            repeat=self.repeat,
            facts=task.facts(),
            chunks=self.chunks,
            seconds=round(self.seconds, 3),
            conventions=conventions,
            contents=self.contents,
            tallies=self.tallies,
            cautions=task.cautions(),
            batches=_estimates(self.batches) if self.chunks > 1 else {},
        )


def _estimates(batches: Sequence[Tallies]) -> dict[str, tuple[float, ...]]:
    """Of each rate and mean in each batch, to nine digits; without metrics that some batch has no number for."""
    values = {
        metric: tuple(float(f"{batch[metric].interval().value:.9g}") for batch in batches)
        for metric, tally in batches[0].items()
        if not isinstance(tally, RootMean)  # roots do not average
    }
    return {metric: found for metric, found in values.items() if all(map(math.isfinite, found))}


def check(jobs: Sequence[Job]) -> None:
    """Raises UserError for the first point that cannot be computed, before anything is."""
    first = {job.point.task: job for job in reversed(jobs)}
    available = machine_bytes()
    for job in reversed(first.values()):
        try:
            check_memory(job.point.task, available)
            job.point.task.check()
        except UserError as error:
            raise UserError(f"{job.point.where}: {error}") from None


def check_counts(path: Path, jobs: Sequence[Job], known: Mapping[str, Finished | UnderWay]) -> None:
    """Raises UserError for a line of the record in `path` that counts other things than its point."""
    kinds: dict[str, type] = {}
    for job in (job for job in jobs if job.key in known):
        tallies, expected = known[job.key].tallies, job.point.task.counted()
        alike = all(kinds.setdefault(name, type(tally)) is type(tally) for name, tally in tallies.items())
        if not alike or (expected and tallies.keys() != set(expected)):
            raise UserError(
                f"{path}: the line of {job.point.where} counts other things than {', '.join(expected)}; remove it, and "
                "its point is computed again"
            )


def jobs_of(scenario: Scenario, part: Part = WHOLE) -> list[Job]:
    """Every point and repeat of a part of the scenario, in order; raises UserError for what cannot run."""
    points = scenario.points()
    jobs = [
        Job(point, repeat, key_of([point.task.plain(), scenario.seed, repeat, scenario.stop.plain()]))
        for repeat in range(scenario.repeats)
        for point in points
    ]
    return jobs[part.number - 1 :: part.total]
