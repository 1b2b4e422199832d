"""`semcom run`."""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from semcom.cli.options import Changes, ScenarioName, Workers, part_of, worker_count
from semcom.errors import OutsideError, UserError

if TYPE_CHECKING:
    from semcom.record.folder import RunFolder
    from semcom.scenario.scenario import Scenario
    from semcom.sweep.sweep import Outcome


def run(
    scenario: ScenarioName,
    changes: Changes = None,
    workers: Workers = 0,
    out: Annotated[Path | None, typer.Option(help="The run folder; runs/NAME unless given.")] = None,
    part: Annotated[
        str | None, typer.Option(metavar="i/n", help="Only part i of n of the points, for job arrays; parts merge.")
    ] = None,
) -> None:
    """Run a scenario: compute what its run folder lacks, print a table, draw the figures.

    A run that was cut off goes on where it stopped. With --part i/n each job of an array computes its own points into
    its own file of the same folder; `semcom plot` and a last run without --part see them all.

    Examples:
    semcom run image_vs_snr

    semcom run scenarios/ber_awgn.yaml --workers 4 --set stop.min_errors=400 --out runs/precise
    """
    from semcom.cli.table import print_tables
    from semcom.figures.curves import cautions
    from semcom.record.folder import Part, RunFolder
    from semcom.record.machine import describe
    from semcom.scenario.find import load, locate
    from semcom.sweep.job import check, jobs_of
    from semcom.sweep.sweep import run

    asked = load(scenario, changes or ())
    _check_weights(asked, shlex.join(["semcom", "train", scenario, *_options(changes or ())]))
    piece = Part(*part_of(part))
    jobs = jobs_of(asked, piece)
    try:
        check(jobs)  # before there is a folder that would belong to the mistake
    except UserError as error:
        raise UserError(f"{locate(scenario)}: {error}") from None
    machine = describe(shlex.join(["semcom", *sys.argv[1:]]))
    folder = RunFolder.create(out or Path("runs") / asked.name, asked)
    folder.note_machine(piece, machine)
    failures = _follow(run(asked, folder, worker_count(workers), piece), len(jobs), asked.name)
    for note in folder.notes:
        typer.echo(f"semcom: {note}", err=True)
    print_tables(folder)
    for caution in dict.fromkeys(f"{where}: {said}" if where else said for where, said in cautions(folder)):
        typer.echo(f"caution: {caution}", err=True)
    _draw(folder)
    _report(failures, len(jobs))


def _check_weights(asked: "Scenario", command: str) -> None:
    from semcom.teaching.pupils import missing

    lacking = missing(asked)
    if lacking:
        raise UserError(f"no weights for {', '.join(lacking)}; make them with `{command}`")


def _options(changes: Iterable[str]) -> list[str]:
    return [word for change in changes for word in ("--set", change)]


def _follow(outcomes: Iterable["Outcome"], total: int, name: str) -> list["Outcome"]:
    """Shows the progress of a run; returns the failed points."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[finished]}/{task.total:.0f} points"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    shares: dict[int, float] = {}
    failures: list[Outcome] = []
    finished = 0
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(name, total=total, finished=0)
        for outcome in outcomes:
            place = hash((outcome.repeat, *outcome.point.coordinates.items()))
            shares[place] = outcome.share
            finished += outcome.line is not None or outcome.error is not None
            failures += [outcome] if outcome.error is not None else []
            progress.update(bar, completed=sum(shares.values()), finished=finished)
    return failures


def _draw(folder: "RunFolder") -> None:
    from semcom.figures.curves import drawable

    if drawable(folder):
        from semcom.figures.draw import draw

        for path in draw([folder], folder.path):
            typer.echo(f"figure: {path}")


def _report(failures: list["Outcome"], total: int) -> None:
    if not failures:
        return
    first = failures[0]
    told = f"{len(failures)} of {total} points failed; the first ({first.point.where}): "
    if all(isinstance(failure.error, UserError) for failure in failures):
        raise UserError(told + str(first.error))
    raise OutsideError(f"{told}{first.error} (--debug shows all)") from first.error
