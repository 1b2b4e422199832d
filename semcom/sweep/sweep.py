"""Runs the points of a scenario, in any order and on any number of workers, with the same numbers."""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple

from semcom.errors import OutsideError, UserError
from semcom.record.contents import digests
from semcom.record.folder import WHOLE, Part, RunFolder
from semcom.record.journal import Journal
from semcom.record.line import Finished, UnderWay, text_of
from semcom.scenario.scenario import Scenario
from semcom.scenario.trust import refuse_code_of
from semcom.studies.study import Point, Task
from semcom.sweep.crew import crew
from semcom.sweep.failure import point_error
from semcom.sweep.job import Chunk, Job, check, check_counts, jobs_of
from semcom_channels import Streams

PIECE_SECONDS = 2.0  # work that one call to a worker should take


class Outcome(NamedTuple):
    """News of a point: it is under way, finished or failed."""

    point: Point
    repeat: int
    share: float
    """How much of its work is done, 0 to 1; an estimate until it is finished."""
    seconds: float = 0.0
    """What this run has computed of it, in the workers."""
    line: Finished | None = None
    """What the record keeps, once it is finished."""
    error: Exception | None = None
    """Why it failed."""


def _tells_nobody(what: str) -> None:
    """Where nobody looks on."""


def run(
    scenario: Scenario,
    folder: RunFolder,
    workers: int = 1,
    part: Part = WHOLE,
    trust: bool = False,
    tell: Callable[[str], None] = _tells_nobody,
) -> Generator[Outcome, None, None]:
    """Computes the points that the folder lacks and yields what happens; the first outcomes are the finished points.

    `tell` hears what is done now where that takes long: importing, the first chunk of a point.

    Raises UserError before anything is computed, also for a scenario that names code of its own unless `trust` is
    given, and OutsideError when the disk or a worker fails; nothing done is lost.
    """
    jobs = jobs_of(scenario, part)
    if not trust:
        refuse_code_of(scenario, [job.point for job in jobs])
    finished = folder.finished()
    todo = [job for job in jobs if job.key not in finished]
    tell("checking points; reading weights, pictures and traces")
    check(todo)
    for job in jobs:
        job.contents = digests(job.point.task.files())
    _check_contents(folder, jobs)
    yield from (Outcome(job.point, job.repeat, 1.0, line=finished[job.key]) for job in jobs if job.key in finished)
    if not todo:
        return
    points, progress = folder.journals(part)
    try:
        _check_contents(folder, jobs)
        finished = folder.finished()  # what another run has finished before the lock
        yield from (Outcome(job.point, job.repeat, 1.0, line=finished[job.key]) for job in todo if job.key in finished)
        todo = [job for job in todo if job.key not in finished]
        _resume(todo, folder.under_way())
        failed = False
        tell("importing TensorFlow" if workers == 1 else f"starting {workers} workers, which import TensorFlow")
        with crew(workers) as executor:
            for outcome in _Sweep(scenario, executor, workers, points, progress, tell).outcomes(todo):
                failed = failed or outcome.error is not None
                yield outcome
        if not failed:
            folder.forget_progress(part)
    except BrokenProcessPool:
        raise OutsideError(
            "a worker process died (killed, or out of memory); finished points are kept, the same command goes on"
        ) from None
    finally:
        points.close()
        progress.close()


def evaluate(task: Task, seed: int, repeat: int, first: int, count: int) -> list[Chunk]:
    """The chunks `first` to `first + count - 1` of a point, in a worker.

    Raises UserError, OutsideError, or PointError for whatever else goes wrong.
    """
    keys = task.stream_keys()
    chunks = []
    try:
        for chunk in range(first, first + count):
            begin = time.perf_counter()
            tallies = task.evaluate(Streams(seed, repeat, chunk, keys))
            chunks.append(Chunk(tallies, time.perf_counter() - begin))
    except (UserError, OutsideError):
        raise
    except Exception as error:  # of any class, which the first process may not be able to unpickle
        raise point_error(error) from error
    return chunks


def _check_contents(folder: RunFolder, jobs: Sequence[Job]) -> None:
    """Raises UserError when the record holds points that were computed from other files than those there now.

    Also when it counts other things than they do.
    """
    known: dict[str, UnderWay | Finished] = {**folder.under_way(), **folder.finished()}
    check_counts(folder.path, jobs, known)
    for job in jobs:
        if job.key in known and known[job.key].contents != job.contents:
            raise UserError(
                f"{folder.path}: the weights or pictures of {job.point.where} have changed since it was computed; "
                "choose another --out"
            )


def _resume(jobs: Sequence[Job], under_way: dict[str, UnderWay]) -> None:
    for job in jobs:
        if job.key in under_way:
            kept = under_way[job.key]
            job.chunks = job.sent = kept.chunks
            job.round_end, job.seconds, job.tallies = kept.round_end, kept.seconds, kept.tallies
            job.batches = list(kept.batches)


class _Sweep:
    """The work under way: which pieces are out, and what comes back."""

    def __init__(
        self,
        scenario: Scenario,
        executor: Executor,
        workers: int,
        points: Journal,
        progress: Journal,
        tell: Callable[[str], None],
    ) -> None:
        self.scenario = scenario
        self.executor = executor
        self.workers = workers
        self.points = points
        self.progress = progress
        self.tell = tell
        self.metric = scenario.stop_metric()
        self.out: dict[Future[list[Chunk]], tuple[Job, int]] = {}

    def outcomes(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Runs all jobs; at most two pieces a worker are out at a time."""
        active: deque[Job] = deque(jobs)
        gone: set[int] = set()
        while active or self.out:
            self._send(active)
            done, _ = wait(self.out, return_when=FIRST_COMPLETED)
            for future in done:
                job, first = self.out.pop(future)
                if id(job) in gone:
                    continue
                outcome = self._take(job, first, future)
                if outcome.line is not None or outcome.error is not None:
                    gone.add(id(job))
                    active.remove(job)
                yield outcome

    def _send(self, active: deque[Job]) -> None:
        room = self.workers * 2 if self.workers > 1 else 1
        for job in active:
            while job.sent < job.round_end:
                if len(self.out) >= room:
                    return
                count = self._piece(job, len(active))
                first = "first chunk, which may compile: " if job.sent == 0 else ""
                self.tell(f"{first}{job.point.where}")
                call = self.executor.submit(evaluate, job.point.task, self.scenario.seed, job.repeat, job.sent, count)
                self.out[call] = (job, job.sent)
                job.sent += count

    def _piece(self, job: Job, jobs: int) -> int:
        """Chunks for one call: about two seconds of them, and in the end a share for each worker."""
        left = job.round_end - job.sent
        if job.chunks == 0:
            return 1
        timely = max(int(PIECE_SECONDS * job.chunks / max(job.seconds, 1e-9)), 1)
        share = -(-left // self.workers) if jobs < self.workers else left
        return min(timely, share)

    def _take(self, job: Job, first: int, future: "Future[list[Chunk]]") -> Outcome:
        try:
            chunks = future.result()
        except BrokenProcessPool:
            raise
        except Exception as error:  # a failed point is shown as such, and the rest goes on
            return Outcome(job.point, job.repeat, 1.0, error=error)
        job.waiting.update({first + index: chunk for index, chunk in enumerate(chunks)})
        enough = job.fold(self.scenario.stop, self.metric)
        if not enough:
            self.progress.append(text_of(job.under_way()))
            share = self.scenario.stop.share(job.deciding(self.metric)) if job.tallies else 0.0
            return Outcome(job.point, job.repeat, share, job.seconds)
        line = job.finished()
        self.points.append(text_of(line))
        return Outcome(job.point, job.repeat, 1.0, job.seconds, line)
