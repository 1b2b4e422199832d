"""Results as tables on the screen."""

from rich.console import Console
from rich.table import Table

from semcom.figures.curves import Panel, drawable, panels
from semcom.figures.words import axis_label
from semcom.record.folder import RunFolder
from semcom.tally import Interval


def print_tables(folder: RunFolder) -> None:
    """A table for each metric: a row for each place along the axis across, a column for each curve."""
    if not drawable(folder):
        return
    console = Console()
    for panel in panels(folder):
        console.print(_table(panel))


def _table(panel: Panel) -> Table:
    table = Table(title=f"{panel.metric} with 95 % intervals", title_justify="left")
    table.add_column(axis_label(panel.axis))
    for curve in panel.curves:
        table.add_column(curve.label, justify="right")
    places = {place: None for curve in panel.curves for place in curve.x}
    for place in places:
        cells = (dict(zip(curve.x, curve.y, strict=True)).get(place) for curve in panel.curves)
        table.add_row(str(place), *(_cell(cell) for cell in cells))
    return table


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    value, low, high = interval
    if value == 0.0:
        return f"< {high:.2g}"
    return f"{value:.4g} ±{(high - low) / 2.0:.1g}"
