"""`semcom compare`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from semcom.cli.text_table import Cell
    from semcom.figures.paired import Comparison

ROUNDING = 1e-9  # of an interval: differences below come from sums of floats


def compare(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, such as results/mcg_rate_reward.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="One of its names, such as a transceiver's or a coder's.")
    ],
    metric: Annotated[str | None, typer.Option(help="What is compared; the run's first metric unless given.")] = None,
) -> None:
    """Compare one curve of a run with the others in pairs, point by point.

    Points of one place met the same sources and channels, so their differences vary less than the points themselves.
    A mark says that a difference is no luck, at 5 % for the whole table (Holm).

    Example: semcom compare results/mcg_rate_reward "MEC-B, policy compressed" --metric message_accuracy
    """
    from semcom.cli.text_table import wrapped
    from semcom.figures.paired import compare
    from semcom.figures.words import metric_of
    from semcom.record.folder import RunFolder

    folder = RunFolder.open(run)
    asked = metric or folder.scenario().study.metric_names()[0]
    found = compare(folder, name, asked)
    kind = metric_of(asked)
    good = -1.0 if kind is not None and kind.better == "low" else 1.0
    typer.echo(f"{wrapped(f'{asked} of {name}, less that of')}\n{_table(found, good)}\n")
    typer.echo(wrapped(_summary(found, good)))
    for line in _undecidable(found):
        typer.echo(wrapped(line))


def _table(found: Sequence["Comparison"], good: float) -> str:
    """A row for each place, a column for each other name."""
    from semcom.cli.text_table import Cell, text_table

    others = list(dict.fromkeys(one.other for one in found))
    places = list(dict.fromkeys(one.place for one in found))
    cells = {(one.place, one.other): _cell(one, good) for one in found}
    differing = _differing([dict(one.place) for one in found])
    names = [", ".join(f"{dict(place)[field]}" for field in differing) for place in places]
    rows = [[cells.get((place, other), Cell("-")) for other in others] for place in places]
    return text_table(", ".join(field.rpartition(".")[2] for field in differing), names, others, rows)


def _differing(places: list[dict[str, str | float]]) -> list[str]:
    return [field for field in places[0] if len({place[field] for place in places}) > 1] or list(places[0])[:1]


def _cell(one: "Comparison", good: float) -> "Cell":
    from semcom.cli.text_table import Cell

    mark = {"better": " +", "worse": " -", "undecided": "  "}[_verdict(one, good)]
    difference = one.difference if abs(one.difference) > ROUNDING * one.half_width else 0.0
    return Cell(f"{difference:+.4g}", f" ±{one.half_width:.1g}{mark}")


def _verdict(one: "Comparison", good: float) -> str:
    if not one.certain:
        return "undecided"
    return "better" if one.difference * good > 0.0 else "worse"


def _summary(found: Sequence["Comparison"], good: float) -> str:
    counted = Counter(_verdict(one, good) for one in found)
    return (
        f"of {len(found)} comparisons it is better (+) in {counted['better']}, worse (-) in {counted['worse']}; "
        "± is half a 95 % interval of one difference, + and - hold for all together at 5 % (Holm)"
    )


def _undecidable(found: Sequence["Comparison"]) -> list[str]:
    """A line on those that no difference could make certain, and what would."""
    from semcom.figures.paired import batches_needed
    from semcom.record.line import BATCHES

    few = [one for one in found if not one.decidable]
    if not few:
        return []
    least, most = min(one.batches for one in few), max(one.batches for one in few)
    had, needed = f"{least}" if least == most else f"{least} to {most}", batches_needed(len(found))
    chunks = "let points have as many chunks, by stop.min_blocks and stop.max_blocks"
    what = chunks if needed <= BATCHES else "let the scenario have more repeats"
    return [
        f"{len(few)} of {len(found)} can never be certain, however they differ: they have {had} batches of chunks, and "
        f"so many comparisons need {needed}; {what}"
    ]
