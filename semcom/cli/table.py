"""Results as tables on the screen."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from semcom.figures.curves import Curve, Panel, drawable, panels, panels_beside
from semcom.figures.distribution import SHARES, quantile, values_of
from semcom.figures.words import places_along
from semcom.record.folder import RunFolder
from semcom.studies.study import Coordinate

WIDTH_OF_FILES = 140  # characters, where no terminal says how many it has


def print_tables(folder: RunFolder) -> None:
    """A table for each metric and for what was measured beside them: the curves at each place along the axis across."""
    if not drawable(folder):
        return
    console = Console() if Console().is_terminal else Console(width=WIDTH_OF_FILES)
    for panel in (*panels(folder), *panels_beside(folder)):
        console.print(_quantiles(panel) if panel.sampled else _table(panel))


def _named(panel: Panel) -> str:
    return f"{panel.metric} ({panel.part})" if panel.part else panel.metric


def _quantiles(panel: Panel) -> Table:
    """What shares of the places along a sampled axis do not pass."""
    title = f"{_named(panel)} that a share of the {places_along(panel.axis_label)} does not pass"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, collapse_padding=True)
    table.add_column("")
    for share in SHARES:
        table.add_column(f"{share:.0%}", justify="right")
    for curve in panel.curves:
        values = values_of(curve)
        table.add_row(curve.label, *(f"{quantile(values, share):.4g}" for share in SHARES))
    return table


def _table(panel: Panel) -> Table:
    """Curves go down or across, whichever has fewer columns."""
    places = list(dict.fromkeys(place for curve in panel.curves for place in curve.x))
    alike = any(y.low == y.high for curve in panel.curves for y in curve.y)
    note = "; * all blocks gave this value" if alike else ""
    title = f"{_named(panel)} ± half its 95 % interval{note}"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, collapse_padding=True)
    table.add_column(panel.axis_label, overflow="fold")
    if len(places) <= len(panel.curves):
        for place in places:
            table.add_column(_said(place), justify="right")
        for curve in panel.curves:
            table.add_row(curve.label, *(cell(curve, place) for place in places))
    else:
        for curve in panel.curves:
            table.add_column(curve.label, justify="right")
        for place in places:
            table.add_row(_said(place), *(cell(curve, place) for curve in panel.curves))
    return table


def _said(place: Coordinate) -> str:
    return place if isinstance(place, str) else f"{place:g}"


def cell(curve: Curve, place: Coordinate) -> str:
    """What a table says of a curve at a place along the axis."""
    if place not in curve.x:
        return "-"
    value, low, high = curve.y[curve.x.index(place)]
    if low == high:
        return f"{value:.4g}*"
    if value == 0.0:
        return f"< {high:.2g}"
    return f"{value:.4g} ±{(high - low) / 2.0:.1g}"
