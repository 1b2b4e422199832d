"""Draws the curves of runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from semcom.errors import OutsideError, UserError
from semcom.figures.curves import Curve, Panel, number, panels
from semcom.figures.reference import reference_curves
from semcom.figures.words import axis_label, metric_of
from semcom.record.folder import RunFolder

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8B5A2B")  # Okabe & Ito 2008
MARKERS = "osD^vPX*"
STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.hashsalt": "semcom",
}
LEAST_RATE = 1e-12
BELOW_LEAST = 0.2  # of the least rate that was seen, the end of a logarithmic axis
WIDE = 8.0  # the ends of an axis of ratios from which it is logarithmic


def draw(folders: Sequence[RunFolder], out: Path) -> list[Path]:
    """One figure with a panel for each metric, as curves.png and curves.pdf in `out`; several runs are overlaid.

    Raises UserError when runs have different axes or metrics.
    """
    runs = [panels(folder, f"{folder.path.name}: " if len(folders) > 1 else "") for folder in folders]
    merged = _overlaid(runs)
    references = [reference_curves(folder.scenario()) for folder in folders]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4 * len(merged), 4.6), layout="constrained")
        for axes, panel in zip(_row(figure, len(merged)), merged, strict=True):
            dashed = [curve for found in references for curve in found.get(panel.metric, ())]
            _draw_panel(axes, panel, dashed)
        figure.suptitle(" and ".join(_title(folder) for folder in folders))
        figure.supxlabel(_caption(folders), fontsize=7, color="0.35")
        return _saved(figure, out)


def _row(figure: Figure, count: int) -> list[Any]:
    return list(figure.subplots(1, count, squeeze=False)[0])


def _overlaid(runs: Sequence[tuple[Panel, ...]]) -> tuple[Panel, ...]:
    first = runs[0]
    for other in runs[1:]:
        if other[0].axis != first[0].axis:
            raise UserError(f"the runs sweep {first[0].axis} and {other[0].axis}; expected one axis to overlay them")
    shared = [panel for panel in first if all(panel.metric in {p.metric for p in other} for other in runs)]
    if not shared:
        raise UserError("the runs measure different metrics; expected a common one to overlay them")
    return tuple(
        Panel(
            panel.metric,
            panel.axis,
            tuple(c for run in runs for p in run if p.metric == panel.metric for c in p.curves),
        )
        for panel in shared
    )


def _draw_panel(axes: Any, panel: Panel, dashed: Sequence[Curve]) -> None:
    for index, curve in enumerate(panel.curves):
        _draw_curve(axes, curve, COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)])
    for index, curve in enumerate(dashed):
        name = "closed form" if index == 0 else None
        axes.plot(_across(curve), [y.value for y in curve.y], "--", color="0.4", lw=1, zorder=1, label=name)
    metric = metric_of(panel.metric)
    axes.set_xlabel(axis_label(panel.axis))
    axes.set_ylabel(metric.label if metric else panel.metric)
    if metric is not None and metric.counts == "rate" and metric.better == "low":
        axes.set_yscale("log")
        axes.set_ylim(_least_seen(panel) * BELOW_LEAST, 1.0)
    if panel.axis.endswith("_ratio"):
        _double_along(axes, panel)
    axes.legend(fontsize=8)


def _least_seen(panel: Panel) -> float:
    return min((y.value for curve in panel.curves for y in curve.y if y.value > LEAST_RATE), default=0.1)


def _double_along(axes: Any, panel: Panel) -> None:
    """An axis of ratios that span much is logarithmic and shows them as they were given, such as 1/12."""
    places = {number(place): str(place).removesuffix(".0") for curve in panel.curves for place in curve.x}
    numbers = [place for place in places if place is not None and place > 0.0]
    if len(numbers) == len(places) and max(numbers) >= WIDE * min(numbers):
        axes.set_xscale("log", base=2)
        axes.set_xticks(numbers, [places[place] for place in numbers])


def _draw_curve(axes: Any, curve: Curve, colour: str, marker: str) -> None:
    seen = [index for index, y in enumerate(curve.y) if y.value > LEAST_RATE or y.low < 0.0]
    across = _across(curve)
    x = [across[index] for index in seen]
    y = [curve.y[index].value for index in seen]
    low = [max(curve.y[index].value - curve.y[index].low, 0.0) for index in seen]
    high = [max(curve.y[index].high - curve.y[index].value, 0.0) for index in seen]
    axes.errorbar(x, y, (low, high), color=colour, marker=marker, ms=4.5, lw=1.4, capsize=2.5, label=curve.label)


def _across(curve: Curve) -> list[Any]:
    numbers = [number(place) for place in curve.x]
    return list(curve.x) if None in numbers else numbers


def _title(folder: RunFolder) -> str:
    scenario = folder.scenario()
    return scenario.figure.title or scenario.name


def _caption(folders: Sequence[RunFolder]) -> str:
    seeds = ", ".join(str(folder.scenario().seed) for folder in folders)
    return f"bars: 95 % intervals over independent blocks; seed {seeds}"


def _saved(figure: Figure, out: Path) -> list[Path]:
    paths = [out / "curves.png", out / "curves.pdf"]
    try:
        out.mkdir(parents=True, exist_ok=True)
        figure.savefig(paths[0], dpi=150, metadata={"Software": "semcom"})
        figure.savefig(paths[1], metadata={"CreationDate": None})
    except FileExistsError:
        raise UserError(f"{out}: is a file; choose another --out") from None
    except OSError as error:
        raise OutsideError(f"{out}: cannot be written: {error.strerror}") from error
    return paths
