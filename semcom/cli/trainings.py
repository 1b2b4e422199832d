"""`semcom train`."""

import time
from pathlib import Path
from typing import Annotated

import typer

from semcom.cli.options import Changes, ScenarioName, Trust, Workers, worker_count


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
    training, the seed, the commit and the versions. What is finished is kept when training is cut off.

    Example: semcom train image_vs_snr --workers 2
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from semcom.scenario.find import load
    from semcom.teaching.pupils import learned, missing
    from semcom.teaching.school import teach

    asked = load(scenario, changes or (), trust)
    pupils = learned(asked) if force else missing(asked)
    if not pupils:
        typer.echo(
            "all weights are there; --force trains anew" if learned(asked) else f"nothing in {asked.name} learns"
        )
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("step {task.completed:.0f}/{task.total:.0f}, loss {task.fields[loss]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    begin = time.perf_counter()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars = {
            pupil.weights_key: progress.add_task(name, total=pupil.training_steps, loss="-")
            for name, pupil in pupils.items()
        }
        for news in teach(list(pupils.values()), out, worker_count(workers), trust):
            progress.update(bars[news.weights_key], completed=news.step, loss=f"{news.loss:.5f}")
    typer.echo(f"{len(pupils)} weights in {out} after {time.perf_counter() - begin:.0f} s")
