"""`semcom train`."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from semcom.cli.options import Changes, ScenarioName, Trust, Workers, worker_count
from semcom.cli.progress import Status, shown

if TYPE_CHECKING:
    from semcom.teaching.school import News


def train(
    scenario: ScenarioName,
    changes: Changes = None,
    workers: Workers = 1,
    out: Annotated[Path, typer.Option(help="Where the weights go; `run` looks here and in the package.")] = Path(
        "weights"
    ),
    force: Annotated[bool, typer.Option("--force", help="Train anew what has weights already.")] = False,
    trust: Trust = False,
) -> None:
    """Train what learns in a scenario and has no weights yet.

    Each one's weights go into a file named by the hash of what made them, with a JSON file beside it that tells the
    training, the seed, the commit and the versions. When training is cut off, weights that are finished are kept; the
    others begin anew.

    Example: semcom train image_vs_snr --workers 2
    """
    begin = time.perf_counter()
    with shown(Status(Path(scenario).stem)) as status:
        status.doing("importing")
        from semcom.scenario.find import load
        from semcom.teaching.pupils import learned, missing
        from semcom.teaching.school import teach

        status.doing("reading the scenario")
        asked = load(scenario, changes or (), trust)
        pupils = learned(asked) if force else missing(asked)
        lessons = teach(list(pupils.values()), out, worker_count(workers), trust) if pupils else iter(())
        _follow(lessons, {pupil.weights_key: (name, pupil.training_steps) for name, pupil in pupils.items()}, status)
        status.doing("done")
    if not pupils:
        nothing = "all weights are there; --force trains anew" if learned(asked) else f"nothing in {asked.name} learns"
        typer.echo(nothing)
        return
    typer.echo(f"{_sets(len(pupils))} in {out} after {time.perf_counter() - begin:.0f} s")


def _follow(lessons: Iterable["News"], known: Mapping[str, tuple[str, int]], status: Status) -> None:
    """Shows how far trainings are; `known` has for each the name and the steps."""
    begin, last = time.perf_counter(), dict.fromkeys(known, 0)
    total = sum(steps for _, steps in known.values())
    status.doing("importing TensorFlow, compiling the first step")
    for news in lessons:
        name, steps = known[news.weights_key]
        last[news.weights_key] = news.step
        done = sum(last.values())
        left = (time.perf_counter() - begin) * (total - done) / max(done, 1)
        status.done(f"step {done}/{total}", done / total, left)
        status.doing(f"{name}: step {news.step} of {steps}, loss {news.loss:.5f}")


def _sets(count: int) -> str:
    return "one set of weights" if count == 1 else f"{count} sets of weights"
