"""Draws the curves of runs."""

import textwrap
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from semcom.errors import OutsideError, UserError
from semcom.figures.curves import Curve, Panel, number, panels
from semcom.figures.distribution import draw_distribution
from semcom.figures.look import look_of
from semcom.figures.reference import reference_curves
from semcom.figures.texts import label_of, show_as_given
from semcom.figures.words import metric_of, places_along
from semcom.record.aside import write_whole
from semcom.record.folder import RunFolder

LETTERS_PER_INCH = 15  # of a legend
HANDLE_LETTERS = 8  # what a legend's line and the gap beside it take
STYLE: dict[Any, Any] = {
    "font.size": 10,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.hashsalt": "semcom",
    "text.usetex": False,  # a title may come from anybody, and TeX reads and writes files
}
MOST_COLUMNS = 3  # of panels, which then go on below
DOTS, FEWER_DOTS = 150, 100  # an inch, of figures with one row of panels and with more
ASIDE = 0.6  # of the way from name to name, along which the points of one name stand
NAME_LETTERS = 14  # in a line of a name along an axis
LEAST_RATE = 1e-12
BELOW_LEAST = 0.2  # of the least rate that was seen, the end of a logarithmic axis
ARROW = 0.5  # how far down the arrow of a point without errors points, over where it starts
FEW_DECADES = 1e4  # between the ends of an axis whose decades are numbered within
WIDE = 8.0  # the ends of an axis of ratios from which it is logarithmic


def draw(folders: Sequence[RunFolder], out: Path) -> list[Path]:
    """One figure with a panel for each metric and part, as curves.png and curves.pdf in `out`; runs are overlaid.

    Raises UserError when runs have different axes or metrics.
    """
    names = run_names([folder.path for folder in folders])
    runs = [panels(folder, name) for folder, name in zip(folders, names, strict=True)]
    merged = _overlaid(runs)
    labels = list(dict.fromkeys(curve.label for panel in merged for curve in panel.curves))
    references = _references(folders, merged)
    first: dict[str, Any] = {}
    with mpl.rc_context(STYLE):
        parts = len({panel.part for panel in merged})
        columns = min(parts if parts > 1 else len(merged), MOST_COLUMNS)
        rows = -(-len(merged) // columns)
        figure = Figure(figsize=(6.4 * columns, 5.2 + 4.4 * (rows - 1)), layout="constrained")
        for place, panel in enumerate(merged, 1):
            axes = figure.add_subplot(rows, columns, place, sharey=first.get(panel.metric))
            axes.set_title(panel.part, fontsize=10)
            if panel.sampled:
                draw_distribution(axes, panel)
                continue
            if panel.part:
                first.setdefault(panel.metric, axes)
            dashed = [curve for found in references[panel.part] for curve in found.get(panel.metric, ())]
            _draw_panel(axes, panel, dashed, labels)
        figure.suptitle(" and ".join(dict.fromkeys(_title(folder) for folder in folders)))
        _legend(figure, caption(folders, merged))
        show_as_given(figure)
        return _saved(figure, out)


def _references(
    folders: Sequence[RunFolder], shown: Sequence[Panel]
) -> Mapping[str, list[Mapping[str, tuple[Curve, ...]]]]:
    """For each part the closed forms of each run; none beside distributions."""
    scenarios = [] if shown[0].sampled else [folder.scenario() for folder in folders]
    return {part: [reference_curves(one, part) for one in scenarios] for part in {panel.part for panel in shown}}


def run_names(paths: Sequence[Path]) -> list[str]:
    """The shortest ends of the runs' paths that tell them apart; a run alone needs no name."""
    if len(paths) == 1:
        return [""]
    whole = [path.resolve().parts for path in paths]
    names = (["/".join(parts[-length:]) for parts in whole] for length in range(1, max(map(len, whole)) + 1))
    return next(found for found in names if len(set(found)) == len(set(whole)))


def _legend(figure: Figure, caption: str) -> None:
    """One for all panels, below them and their caption: curves keep their colours from panel to panel."""
    handles: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    letters = max(len(label) for label in handles) + HANDLE_LETTERS
    columns = max(int(figure.get_figwidth() * LETTERS_PER_INCH / letters), 1)
    below: dict[str, Any] = {"loc": "outside lower center", "ncols": columns, "fontsize": 8}
    words = textwrap.fill(caption, int(figure.get_figwidth() * LETTERS_PER_INCH))
    legend = figure.legend(handles.values(), handles.keys(), title=words, title_fontsize=7, **below)
    legend.get_title().set_multialignment("center")


def _overlaid(runs: Sequence[tuple[Panel, ...]]) -> tuple[Panel, ...]:
    first = runs[0]
    for other in runs[1:]:
        if other[0][1:4] != first[0][1:4]:
            raise UserError(
                f"the runs show {_across_of(first[0])} and {_across_of(other[0])}; expected the same to overlay them"
            )
    shared = [panel for panel in first if all(_place_of(panel) in map(_place_of, other) for other in runs)]
    if not shared:
        raise UserError("the runs measure different metrics; expected a common one to overlay them")
    return tuple(
        panel._replace(
            curves=tuple(c for run in runs for p in run if _place_of(p) == _place_of(panel) for c in p.curves)
        )
        for panel in shared
    )


def _place_of(panel: Panel) -> tuple[str, str]:
    return panel.metric, panel.part


def _across_of(panel: Panel) -> str:
    return f"distributions over {panel.axis}" if panel.sampled else panel.axis


def _draw_panel(axes: Any, panel: Panel, dashed: Sequence[Curve], known: Sequence[str] = ()) -> None:
    """Curves look by their labels' places among the known ones, or among the panel's own."""
    metric = metric_of(panel.metric)
    logarithmic = _is_logarithmic(panel)
    runs = list(dict.fromkeys(curve.run for curve in panel.curves))
    labels = list(dict.fromkeys((*known, *(curve.label for curve in panel.curves))))
    names = _names_along(panel)
    for place, curve in enumerate(panel.curves):
        look = look_of(runs.index(curve.run), labels.index(curve.label))
        aside = ASIDE * ((place + 0.5) / len(panel.curves) - 0.5)
        _draw_curve(axes, curve, _across(curve, names, aside), look, logarithmic, _shows_arrows(panel))
    for index, curve in enumerate(dashed):
        name = "closed form" if index == 0 else None
        axes.plot(_across(curve, names, 0.0), [y.value for y in curve.y], "--", color="0.4", lw=1, zorder=1, label=name)
    axes.set_xlabel(panel.axis_label)
    axes.set_ylabel(metric.label if metric else panel.metric)
    if logarithmic:
        axes.set_yscale("log")
        if _shows_arrows(panel):
            axes.set_ylim(_least_seen(panel) * BELOW_LEAST, 1.0)
        else:
            _number_decades(axes)
    if panel.axis.endswith(("_ratio", "false_alarm", ".messages")) or panel.axis in ("model", "letters"):
        _mark_along(axes, panel)
    if names:
        axes.set_xticks(range(len(names)), [textwrap.fill(name, NAME_LETTERS) for name in names])


def _number_decades(axes: Any) -> None:
    """A logarithmic axis in a unit shows numbers as they are read, 1, 2 and 5 of each decade where there are few."""
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < FEW_DECADES * low else (1.0,)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())


def _least_seen(panel: Panel) -> float:
    """The least rate; of points without errors the upper end of the interval."""
    return min(y.value if y.value > LEAST_RATE else y.high for curve in panel.curves for y in curve.y)


def _mark_along(axes: Any, panel: Panel) -> None:
    """An axis of ratios, counts or chances that span much is logarithmic and shows them as given, such as 1/12.

    Whole numbers that span little are shown as given too.
    """
    places = {number(place): str(place).removesuffix(".0") for curve in panel.curves for place in curve.x}
    numbers = [place for place in places if place is not None and place > 0.0]
    if not numbers or len(numbers) < len(places):
        return
    wide = max(numbers) >= WIDE * min(numbers)
    if wide:
        axes.set_xscale("log", base=2)
    if wide or all(place.is_integer() for place in numbers):
        axes.set_xticks(numbers, [places[place] for place in numbers])


def _names_along(panel: Panel) -> list[str]:
    """The names along an axis that has any; what stands between them means nothing, so no line is drawn."""
    names = list(dict.fromkeys(str(place) for curve in panel.curves for place in curve.x))
    return names if any(number(name) is None for name in names) else []


def _across(curve: Curve, names: Sequence[str], aside: float) -> list[Any]:
    """Where its points stand: at their numbers, or at the places of their names and so much beside them."""
    if names:
        return [names.index(str(place)) + aside for place in curve.x]
    return [number(place) for place in curve.x]


def _draw_curve(
    axes: Any, curve: Curve, across: Sequence[Any], look: dict[str, Any], logarithmic: bool, arrows: bool
) -> None:
    """On a logarithmic axis a rate without errors is an arrow down from the upper end of its interval."""
    seen = [index for index, y in enumerate(curve.y) if y.value > LEAST_RATE or not logarithmic]
    for index in sorted(set(range(len(curve.y))) - set(seen)) if arrows else ():
        limit = curve.y[index].high
        axes.errorbar([across[index]], [limit], [(1.0 - ARROW) * limit], uplims=True, color=look["color"], lw=1.4)
    x = [across[index] for index in seen]
    y = [curve.y[index].value for index in seen]
    low = [max(curve.y[index].value - curve.y[index].low, 0.0) for index in seen]
    high = [max(curve.y[index].high - curve.y[index].value, 0.0) for index in seen]
    label = label_of(f"{curve.run}: {curve.label}" if curve.run else curve.label)
    if any(number(place) is None for place in curve.x):
        look = {**look, "linestyle": "none"}
    axes.errorbar(x, y, (low, high), ms=4.5, lw=1.4, capsize=2.5, label=label, **look)


def _title(folder: RunFolder) -> str:
    scenario = folder.scenario()
    return scenario.figure.title or scenario.name


def caption(folders: Sequence[RunFolder], shown: Sequence[Panel]) -> str:
    """What the panels of a figure have in common: what their intervals count, and the seed."""
    seeds = ", ".join(dict.fromkeys(str(folder.scenario().seed) for folder in folders))
    if shown[0].sampled:
        places = max(len(curve.x) for panel in shown for curve in panel.curves)
        sample = f"{places} {places_along(shown[0].axis_label)}"
        return f"bands: 95 % intervals of the share as if {sample} were independent; seed {seeds}"
    arrows = "; arrows: no error seen, down from the interval's upper end" if _any_arrow(shown) else ""
    hidden = "; a logarithmic axis does not show 0" if _any_hidden(shown) else ""
    return f"bars: 95 % intervals over {_blocks(folders, shown)}{arrows}{hidden}; seed {seeds}"


def _blocks(folders: Sequence[RunFolder], shown: Sequence[Panel]) -> str:
    """What intervals count, in words."""
    counted = [count for panel in shown for curve in panel.curves for count in curve.blocks]
    drawn = "; ".join(dict.fromkeys(folder.scenario().study.block() for folder in folders))
    numbers = f"{min(counted)} to {max(counted)}" if min(counted) < max(counted) else str(counted[0])
    return f"{numbers} independent blocks, each {drawn}"


def _counts(panel: Panel) -> str | None:
    metric = metric_of(panel.metric)
    return None if metric is None else metric.counts


def _any_arrow(shown: Sequence[Panel]) -> bool:
    arrows = [panel for panel in shown if _shows_arrows(panel)]
    return any(y.value <= LEAST_RATE for panel in arrows for curve in panel.curves for y in curve.y)


def _any_hidden(shown: Sequence[Panel]) -> bool:
    hiding = [panel for panel in shown if _is_logarithmic(panel) and not _shows_arrows(panel)]
    return any(y.value <= LEAST_RATE for panel in hiding for curve in panel.curves for y in curve.y)


def _shows_arrows(panel: Panel) -> bool:
    return _is_logarithmic(panel) and _counts(panel) == "rate"


def _is_logarithmic(panel: Panel) -> bool:
    """Error rates, root mean squares in a unit and means that span much are shown on a logarithmic axis."""
    metric = metric_of(panel.metric)
    if metric is None or metric.better != "low" or metric.relative:
        return False
    return metric.counts in ("rate", "root") or metric.decades


def _saved(figure: Figure, out: Path) -> list[Path]:
    paths = [out / "curves.png", out / "curves.pdf"]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UserError(f"{out}: is a file; choose another --out") from None
    except OSError as error:
        raise OutsideError(f"{out}: cannot be written: {error.strerror}") from error
    dots = DOTS if len(figure.axes) <= MOST_COLUMNS else FEWER_DOTS
    for path, metadata in zip(paths, ({"Software": "semcom"}, {"CreationDate": None}), strict=True):
        picture = BytesIO()
        figure.savefig(picture, format=path.suffix[1:], dpi=dots, metadata=metadata)
        write_whole(path, picture.getvalue())
    return paths
