"""`semcom run`."""

import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from semcom.cli.options import Changes, ScenarioName, Trust, Workers, part_of, worker_count
from semcom.cli.progress import Status, shown
from semcom.errors import OutsideError, UserError

if TYPE_CHECKING:
    from semcom.record.folder import Part, RunFolder
    from semcom.scenario.scenario import Scenario
    from semcom.sweep.job import Job
    from semcom.sweep.sweep import Outcome


def run(
    scenario: ScenarioName,
    changes: Changes = None,
    workers: Workers = 0,
    out: Annotated[Path | None, typer.Option(help="The run folder; runs/NAME unless given.")] = None,
    part: Annotated[
        str | None, typer.Option(metavar="i/n", help="Only part i of n of the points, for job arrays; parts merge.")
    ] = None,
    trust: Trust = False,
) -> None:
    """Run a scenario: compute what its run folder lacks, print a table, draw the figures.

    A run that was cut off goes on where it stopped. With --part i/n each job of an array computes its own points into
    its own file of the same folder; `semcom plot` and a last run without --part see them all.

    Examples:
    semcom run image_vs_snr

    semcom run scenarios/ber_awgn.yaml --workers 4 --set stop.min_errors=400 --out runs/precise
    """
    count, (number, pieces) = worker_count(workers), part_of(part)
    with shown(Status(Path(scenario).stem)) as status:
        status.doing("importing")
        from semcom.record.folder import Part, RunFolder
        from semcom.record.machine import describe
        from semcom.sweep.sweep import run

        piece = Part(number, pieces)
        asked, jobs = _checked(scenario, changes or (), trust, piece, status)
        machine = describe(shlex.join(["semcom", *sys.argv[1:]]))
        folder = RunFolder.create(out or Path("runs") / asked.name, asked)
        folder.note_machine(piece, machine)
        failures = _follow(run(asked, folder, count, piece, trust, status.doing), len(jobs), count, status)
        status.doing("done" if not failures else f"{len(failures)} failed")
    _show(folder)
    _report(failures, len(jobs))


def _checked(
    scenario: str, changes: Sequence[str], trust: bool, part: "Part", status: Status
) -> tuple["Scenario", Sequence["Job"]]:
    """The scenario and its points; raises UserError before there is a folder that would belong to a mistake."""
    from semcom.scenario.find import load
    from semcom.sweep.plan import planned

    status.doing("reading the scenario")
    asked = load(scenario, changes, trust)
    status.doing("looking for weights")
    _check_weights(asked, shlex.join(["semcom", "train", scenario, *_options(changes)]))
    status.doing("checking points; reading weights, pictures and traces")
    return asked, planned(asked, scenario, changes, part)


def _show(folder: "RunFolder") -> None:
    """Tables, cautions and figures."""
    from semcom.cli.table import print_tables
    from semcom.figures.curves import cautions

    for note in folder.notes:
        typer.echo(f"semcom: {note}", err=True)
    print_tables(folder)
    where: dict[str, dict[str, None]] = {}
    for name, said in cautions(folder):
        where.setdefault(said, {})[name] = None
    for said, names in where.items():
        named = ", ".join(name for name in names if name)
        typer.echo(f"caution: {named}: {said}" if named else f"caution: {said}", err=True)
    _draw(folder)


def _check_weights(asked: "Scenario", command: str) -> None:
    from semcom.teaching.pupils import missing

    lacking = missing(asked)
    if lacking:
        raise UserError(f"no weights for {', '.join(lacking)}; make them with `{command}`")


def _options(changes: Iterable[str]) -> list[str]:
    return [word for change in changes for word in ("--set", change)]


def _follow(outcomes: Iterable["Outcome"], total: int, workers: int, status: Status) -> list["Outcome"]:
    """Shows the progress of a run; returns the failed points."""
    latest: dict[int, Outcome] = {}
    failures: list[Outcome] = []
    for outcome in outcomes:
        latest[hash((outcome.repeat, *outcome.point.coordinates.items()))] = outcome
        failures += [outcome] if outcome.error is not None else []
        ended = sum(one.line is not None or one.error is not None for one in latest.values())
        share = sum(one.share for one in latest.values()) / total
        status.done(f"{ended}/{total} points", share, seconds_left(list(latest.values()), total) / workers)
    return failures


def seconds_left(news: Sequence["Outcome"], total: int) -> float:
    """Seconds of one worker that a run still takes, of the latest news of each point that it has begun.

    A point takes in all what it has taken over its share; one that is not begun takes the mean of those computed.
    """
    whole = [one.seconds / one.share for one in news if one.seconds > 0.0 and one.share > 0.0]
    begun = sum(one.seconds / one.share * (1.0 - one.share) for one in news if one.share > 0.0)
    return begun + (total - len(news)) * sum(whole) / max(len(whole), 1)


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
