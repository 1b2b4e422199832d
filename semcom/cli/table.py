"""Results as tables on the screen."""

import typer

from semcom.cli.text_table import Cell, text_table, wrapped
from semcom.figures.curves import Curve, Panel, drawable, panels, panels_beside
from semcom.figures.distribution import SHARES, quantile, values_of
from semcom.figures.words import places_along
from semcom.record.folder import RunFolder
from semcom.studies.study import Coordinate

NOTES = {
    "*": "* all blocks gave this value",
    "<": "< none occurred: the upper end of the interval, by the number of independent blocks",
}


def print_tables(folder: RunFolder) -> None:
    """A table for each metric and for what was measured beside them: the curves at each place along the axis across."""
    if not drawable(folder):
        return
    for panel in (*panels(folder), *panels_beside(folder)):
        typer.echo(f"{_quantiles(panel) if panel.sampled else _table(panel)}\n")


def _named(panel: Panel) -> str:
    return f"{panel.metric} ({panel.part})" if panel.part else panel.metric


def _quantiles(panel: Panel) -> str:
    """What shares of the places along a sampled axis do not pass."""
    title = f"{_named(panel)} that a share of the {places_along(panel.axis_label)} does not pass"
    rows = [
        [Cell(f"{quantile(values, share):.4g}") for share in SHARES]
        for values in (values_of(curve) for curve in panel.curves)
    ]
    names = [curve.label for curve in panel.curves]
    return f"{wrapped(title)}\n{text_table('', names, [f'{share:.0%}' for share in SHARES], rows)}"


def _table(panel: Panel) -> str:
    """Curves go down or across, whichever has fewer columns."""
    places = list(dict.fromkeys(place for curve in panel.curves for place in curve.x))
    labels, along = [curve.label for curve in panel.curves], _aligned(places)
    rows = [[cell(curve, place) for place in places] for curve in panel.curves]
    signs = {sign for row in rows for one in row for sign in (one.rest.strip(), one.value[0])}
    notes = "".join(f"; {note}" for sign, note in NOTES.items() if sign in signs)
    title = wrapped(f"{_named(panel)} ± half its 95 % interval{notes}")
    if len(places) <= len(panel.curves):
        return f"{title}\n{text_table(panel.axis_label, labels, along, rows)}"
    return f"{title}\n{text_table(panel.axis_label, along, labels, list(zip(*rows, strict=True)))}"


def _aligned(places: list[Coordinate]) -> list[str]:
    """Places as they are called; numbers end where the others do."""
    said = [place if isinstance(place, str) else f"{place:g}" for place in places]
    if all(isinstance(place, str) for place in places):
        return said
    return [f"{text:>{max(map(len, said))}}" for text in said]


def cell(curve: Curve, place: Coordinate) -> Cell:
    """What a table says of a curve at a place along the axis."""
    if place not in curve.x:
        return Cell("-")
    value, low, high = curve.y[curve.x.index(place)]
    if low == high:
        return Cell(f"{value:.4g}", " *")
    if value == 0.0:
        return Cell(f"<{high:.2g}")
    return Cell(f"{value:.4g}", f" ±{(high - low) / 2.0:.1g}")
