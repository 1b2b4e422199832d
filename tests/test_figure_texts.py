"""Names and titles stand in figures as they were given."""

from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from command import ROOT
from scenario_text import small
from semcom.figures import draw as draw_module
from semcom.figures.curves import Curve, Panel
from semcom.figures.distribution import draw_distribution
from semcom.figures.texts import show_as_given
from semcom.record.folder import RunFolder
from semcom.record.line import text_of
from semcom.scenario.find import load
from semcom.sweep.job import jobs_of
from semcom.tally import Interval, Mean

DEEP = "$" + "{" * 2000 + "}" * 2000 + "$"
PLAIN = (
    r"$\foo$",
    "QPSK $5 vs $6",
    "$",
    "$$",
    "_private",
    "",
    "DeepJSCC [ours]",
    "[/red]",
    r"\$",
    "a_1^2 {",
    "$x$ $",
    DEEP,
)
FORMULAS = (r"$\alpha_1$", r"of $x^2$ and $y$", "$10^{-3}$")


def drawn(folder: RunFolder, monkeypatch: pytest.MonkeyPatch, out: Path) -> Any:
    """The figure, which is also written."""
    figures: list[Any] = []
    saved = draw_module._saved

    def keep(figure: Figure, out: Path) -> list[Path]:
        figures.append(figure)
        return saved(figure, out)

    monkeypatch.setattr(draw_module, "_saved", keep)
    draw_module.draw([folder], out)
    return figures[0]


def texts_of(figure: Any) -> dict[str, bool]:
    """All that is shown, and whether as mathematics."""
    return {text.get_text(): text.get_parse_math() for text in figure.findobj(Text)}


@pytest.mark.parametrize("name", PLAIN)
def test_a_text_is_shown_as_it_was_given(name: str) -> None:
    figure = Figure()
    figure.text(0.5, 0.5, name)
    show_as_given(figure)
    assert texts_of(figure)[name] is ("$" not in name)  # without a dollar nothing is taken for mathematics
    figure.draw_without_rendering()


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_shown_as_mathematics(name: str) -> None:
    figure = Figure()
    figure.text(0.5, 0.5, name)
    show_as_given(figure)
    assert texts_of(figure)[name] is True
    figure.draw_without_rendering()


def test_curves_panels_and_titles_are_called_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("QPSK $5 vs $6", r"$\foo$", "_private", "", r"$\alpha$")
    listed = "\n".join(f"    '{name}': {{kind: uncoded, modulation: qpsk}}" for name in names)
    path = small(
        tmp_path,
        ("seed: 3", "seed: 3\nfigure: {title: '_a $\\foo$ [/red]', panels: channel, metrics: [ber]}"),
        ("    QPSK: {kind: uncoded, modulation: qpsk}\n    BPSK: {kind: uncoded, modulation: bpsk}", listed),
        ("    AWGN: awgn", "    '$\\frac$': awgn"),
        ("    fading:", "    '_b':"),
    )
    scenario = load(str(path))
    folder = RunFolder.create(tmp_path / "run", scenario)
    lines = []
    for job in jobs_of(scenario):
        job.chunks, job.tallies = 1, {"ber": Mean.of([0.1, 0.2]), "bler": Mean.of([0.1, 0.2])}
        lines.append(text_of(job.finished()))
    (folder.path / "points.jsonl").write_text("".join(dict.fromkeys(lines)))
    figure = drawn(folder, monkeypatch, tmp_path)
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {*names, "closed form"}
    assert [axes.get_title() for axes in figure.axes] == [r"$\frac$", "_b"]
    shown = texts_of(figure)
    assert shown[r"_a $\foo$ [/red]"] is shown[r"$\frac$"] is shown[r"$\foo$"] is False
    assert shown[r"$\alpha$"] is True


def test_names_along_an_axis_are_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    for name in ("scenario.yaml", "points.jsonl"):
        text = (ROOT / "results" / "plain_crossed" / name).read_text()
        (tmp_path / "run" / name).write_text(text.replace("crossing:", r"'$\foo$':"))
    figure = drawn(RunFolder.open(tmp_path / "run"), monkeypatch, tmp_path)
    assert figure.axes[0].get_xticklabels()[0].get_text() == r"$\foo$"
    assert not figure.axes[0].get_xticklabels()[0].get_parse_math()


@pytest.mark.parametrize("name", ["", "_users"])
def test_distributions_are_called_as_given(name: str) -> None:
    axes = Figure().add_subplot()
    curve = Curve("", name, (0.0, 1.0), (Interval(1.0, 1.0, 1.0), Interval(2.0, 2.0, 2.0)), (1, 1))
    draw_distribution(axes, Panel("ber", "user", "User", True, (curve,)))
    assert len(axes.get_legend_handles_labels()[1]) == 1
