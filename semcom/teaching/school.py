"""Trains pupils, one after the other or several at a time, and keeps their weights."""

import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from queue import Empty
from typing import Any, NamedTuple

from semcom.errors import OutsideError, UserError
from semcom.learning import Pupil
from semcom.learning.weight_files import file_name
from semcom.learning.weights import save
from semcom.record.machine import commit, processor, versions
from semcom.scenario.trust import refuse_code
from semcom.sweep.crew import crew


class News(NamedTuple):
    """How far a pupil's training is."""

    weights_key: str
    step: int
    loss: float


def teach(pupils: Sequence[Pupil], out: Path, workers: int, trust: bool = False) -> Iterator[News]:
    """Trains each pupil and keeps its weights in `out` as soon as it is done; yields how far they are.

    Raises UserError when `out` is a file, or a pupil names code and `trust` is not given, and OutsideError when the
    disk or a worker fails; weights that are finished stay.
    """
    if not trust:
        refuse_code(pupils)
    _check_writable(out)
    if workers == 1 or len(pupils) == 1:
        for pupil in pupils:
            yield from taught(pupil, out)
        return
    with crew(min(workers, len(pupils))) as executor, multiprocessing.get_context("forkserver").Manager() as manager:
        told: Any = manager.Queue()
        lessons = [executor.submit(_lesson_aloud, pupil, out, told) for pupil in pupils]
        try:
            yield from _hear(lessons, told)
        except BrokenProcessPool:
            raise OutsideError("a worker process died (killed, or out of memory); finished weights are kept") from None


def _check_writable(out: Path) -> None:
    """Raises UserError or OutsideError before hours are spent on weights that cannot be kept."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except FileExistsError:
        raise UserError(f"{out}: is a file; choose another --out") from None
    except OSError as error:
        raise OutsideError(f"{out}: cannot be written: {error.strerror}") from error


def taught(pupil: Pupil, out: Path) -> Iterator[News]:
    """Trains one pupil and keeps its weights and their story; raises OutsideError when the disk refuses."""
    begin, state = time.perf_counter(), commit()
    for lesson in pupil.learn():
        yield News(pupil.weights_key, lesson.step, lesson.loss)
    path = out / file_name(pupil)
    story = {
        "pupil": pupil.plain(),
        "last_loss": lesson.loss,
        "seconds": round(time.perf_counter() - begin),
        "commit": state,
        "processor": processor(),
        "versions": versions(),
    }
    try:
        save(lesson.weights, path)
        path.with_suffix(".json").write_text(json.dumps(story, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutsideError(f"{path}: cannot be written: {error.strerror}") from error


def _lesson_aloud(pupil: Pupil, out: Path, told: Any) -> None:
    for news in taught(pupil, out):
        told.put(news)


def _hear(lessons: Sequence["Future[None]"], told: Any) -> Iterator[News]:
    while True:
        done = all(future.done() for future in lessons)
        try:
            while True:
                yield told.get(timeout=0.0 if done else 0.5)
        except Empty:
            if done:
                break
    for future in lessons:
        future.result()
