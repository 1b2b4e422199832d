"""Results as tables on the screen."""

from rich.console import Console
from rich.table import Table

from semcom.figures.curves import Curve, Panel, drawable, panels
from semcom.figures.words import axis_label
from semcom.record.folder import RunFolder
from semcom.studies.study import Coordinate


def print_tables(folder: RunFolder) -> None:
    """A table for each metric: a row for each place along the axis across, a column for each curve."""
    if not drawable(folder):
        return
    console = Console()
    for panel in panels(folder):
        console.print(_table(panel))


def _table(panel: Panel) -> Table:
    alike = any(y.low == y.high for curve in panel.curves for y in curve.y)
    note = "; (n alike): all n blocks gave this value" if alike else ""
    table = Table(title=f"{panel.metric} ± half its 95 % interval{note}", title_justify="left")
    table.add_column(axis_label(panel.axis))
    for curve in panel.curves:
        table.add_column(curve.label, justify="right")
    places = {place: None for curve in panel.curves for place in curve.x}
    for place in places:
        table.add_row(str(place), *(cell(curve, place) for curve in panel.curves))
    return table


def cell(curve: Curve, place: Coordinate) -> str:
    """What a table says of a curve at a place along the axis."""
    if place not in curve.x:
        return "-"
    index = curve.x.index(place)
    value, low, high = curve.y[index]
    if low == high:
        return f"{value:.4g} ({curve.blocks[index]} alike)"
    if value == 0.0:
        return f"< {high:.2g}"
    return f"{value:.4g} ±{(high - low) / 2.0:.1g}"
