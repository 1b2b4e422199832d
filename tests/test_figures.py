"""Figures and exports from run folders."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray
from matplotlib.figure import Figure
from scipy import special

from command import ROOT, semcom
from scenario_text import small
from semcom.errors import UserError
from semcom.figures.curves import panels, part_of
from semcom.figures.draw import _draw_panel, caption, draw, run_names
from semcom.figures.look import look_of
from semcom.figures.netcdf import dataset, write
from semcom.figures.reference import reference_curves
from semcom.record.folder import RunFolder
from semcom.record.line import text_of
from semcom.scenario.find import load
from semcom.sweep.job import jobs_of
from semcom.sweep.sweep import run
from semcom.tally import Mean
from semcom.transceivers import Uncoded
from semcom_channels import Awgn

QUICK = ("min_errors: 400", "min_errors: 20")


def finished(folder: Path, name: str, *changes: tuple[str, str]) -> RunFolder:
    (folder / name).mkdir()
    scenario = load(str(small(folder / name, QUICK, *changes)))
    kept = RunFolder.create(folder / name / "run", scenario)
    assert all(outcome.error is None for outcome in run(scenario, kept))
    return kept


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return finished(tmp_path_factory.mktemp("figures"), "one")


def test_a_figure_has_a_curve_for_each_link_and_metric(kept: RunFolder) -> None:
    found = panels(kept)
    assert [panel.metric for panel in found] == ["ber", "bler"]
    for panel in found:
        assert panel.axis == "snr_db"
        assert {curve.label for curve in panel.curves} == {"QPSK, AWGN", "BPSK, AWGN", "QPSK, fading", "BPSK, fading"}
        for curve in panel.curves:
            assert curve.x == (0.0, 4.0, 8.0)
            assert all(y.low <= y.value <= y.high for y in curve.y)


def test_a_figure_is_the_same_each_time_it_is_drawn(kept: RunFolder, tmp_path: Path) -> None:
    pictures = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        pictures.append([path.read_bytes() for path in draw([kept], tmp_path / name)])
    assert pictures[0] == pictures[1]


def drawn(monkeypatch: pytest.MonkeyPatch, *folders: RunFolder) -> Any:
    """The figure of runs, in place of its files."""
    figures: list[Any] = []

    def keep(figure: Any, out: Path) -> list[Path]:
        figures.append(figure)
        return []

    monkeypatch.setattr("semcom.figures.draw._saved", keep)
    draw(folders, Path())
    (figure,) = figures
    return figure


def test_runs_are_overlaid_by_name(kept: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = semcom("plot", kept.path, kept.path, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "curves.png").stat().st_size > 10_000
    other = RunFolder.open(shutil.copytree(kept.path, tmp_path / "other" / "run"))
    figure = drawn(monkeypatch, kept, other)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    links = ("QPSK, AWGN", "QPSK, fading", "BPSK, AWGN", "BPSK, fading")
    runs = ("one/run", "other/run")
    assert sorted(labels) == sorted(["closed form", *(f"{run}: {link}" for run in runs for link in links)])
    for axes in figure.axes:
        lines = [container.lines[0] for container in axes.containers if container.get_label()[0] != "_"]
        colours = {c.get_label(): c.lines[0].get_color() for c in axes.containers}
        assert len({(line.get_color(), line.get_marker(), line.get_linestyle()) for line in lines}) == 8
        assert all(colours[f"one/run: {link}"] == colours[f"other/run: {link}"] for link in links)


def test_every_curve_of_many_looks_otherwise() -> None:
    looks = [look_of(run, place) for run in range(4) for place in range(16)]
    assert len({(look["color"], look["marker"], look["linestyle"]) for look in looks}) == len(looks)


def test_runs_are_named_by_what_tells_their_paths_apart() -> None:
    assert run_names([Path("a/ber")]) == [""]
    assert run_names([Path("a/ber"), Path("a/more")]) == ["ber", "more"]
    assert run_names([Path("results/ber"), Path("runs/ber")]) == ["results/ber", "runs/ber"]
    assert run_names([Path("a/ber"), Path("a/ber")]) == ["ber", "ber"]


@pytest.mark.parametrize(
    ("axis", "values"), [("channel.coherence_uses", [1.0, 10.0, 60.0]), ("transceiver.modulation", ["bpsk", "qpsk"])]
)
def test_an_axis_of_any_field_has_its_closed_forms_where_there_are_some(
    axis: str, values: list[float | str], tmp_path: Path
) -> None:
    changes = (f"sweep={{{axis}: {values}, snr_db: [4]}}", "study.channels={fading: rayleigh}")
    found = reference_curves(load(str(small(tmp_path)), changes))
    assert [curve.x for curve in found.get("ber", ())] == ([tuple(values)] * 2 if axis.endswith("uses") else [])


def test_closed_forms_stand_beside_curves_on_a_fine_axis(kept: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    found = reference_curves(kept.scenario())
    assert len(found["ber"]) == 4
    bpsk = Uncoded(modulation="bpsk")
    (over_awgn,) = (c for c in found["ber"] if c.y[-1].value == bpsk.closed_form("ber", Awgn(), 8.0))
    assert len(over_awgn.x) == 61
    for snr_db, y in zip(over_awgn.x, over_awgn.y, strict=True):
        assert isinstance(snr_db, float)
        assert y.value == pytest.approx(0.5 * special.erfc(np.sqrt(10.0 ** (snr_db / 10.0))))
    dashed = [line for line in drawn(monkeypatch, kept).axes[0].lines if line.get_linestyle() == "--"]
    assert len(dashed) == 4


@pytest.mark.parametrize(
    ("name", "sweep", "shown"),
    [
        (
            "smoke/digits",
            "{transceiver.bandwidth_ratio: [1/4, 1/2, 2], snr_db: [0]}",
            {0.25: "1/4", 0.5: "1/2", 2.0: "2"},
        ),
        ("smoke/game", "{game.arguments.messages: [4, 8, 32], rate_bits: [1]}", {4.0: "4", 8.0: "8", 32.0: "32"}),
    ],
)
def test_an_axis_of_ratios_or_messages_doubles_and_shows_them_as_given(
    name: str, sweep: str, shown: dict[float, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load(name, (f"sweep={sweep}",))
    folder = RunFolder.create(tmp_path, scenario)
    for job in jobs_of(scenario):
        job.chunks, job.tallies = 1, {name: Mean.of([0.5, 0.6]) for name in job.point.task.counted()}
        with (tmp_path / "points.jsonl").open("a") as points:
            points.write(text_of(job.finished()))
    assert not any(reference_curves(scenario).values())
    (axes, *_) = drawn(monkeypatch, folder).axes
    assert axes.get_xscale() == "log"
    assert dict(zip(axes.get_xticks(), [text.get_text() for text in axes.get_xticklabels()], strict=True)) == shown


def test_a_panel_of_an_axis_is_called_as_the_study_calls_the_axis() -> None:
    assert part_of({"rate_bits": 1.35}, load("mcg_rate_reward")) == "Rate limit R (bit/step): 1.35"


PARTED = ("seed: 3", "seed: 3\nfigure: {panels: channel, metrics: [ber]}")


def test_each_value_of_a_name_may_have_a_panel_with_its_own_curves_and_closed_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Curves are called by what else tells them apart, and look alike in all panels, which have one scale."""
    folder = finished(tmp_path, "parted", PARTED)
    shown = panels(folder)
    assert [(panel.metric, panel.part) for panel in shown] == [("ber", "AWGN"), ("ber", "fading")]
    assert all([curve.label for curve in panel.curves] == ["QPSK", "BPSK"] for panel in shown)
    assert shown[0].curves[0].y[2].value < shown[1].curves[0].y[2].value
    axes = drawn(monkeypatch, folder).axes
    assert [one.get_title() for one in axes] == ["AWGN", "fading"]
    assert axes[0].get_ylim() == axes[1].get_ylim()
    for one, name in zip(axes, ("AWGN", "fading"), strict=True):
        dashed = [line for line in one.lines if line.get_linestyle() == "--"]
        closed = reference_curves(folder.scenario(), name)["ber"]
        assert [line.get_ydata()[0] for line in dashed] == [curve.y[0].value for curve in closed]
        assert len(closed) == 2
    other = RunFolder.open(shutil.copytree(folder.path, tmp_path / "other" / "run"))
    both = drawn(monkeypatch, folder, other).axes
    assert [len(one.get_legend_handles_labels()[1]) for one in both] == [5, 5]  # two curves a run, one closed form
    table = semcom("plot", folder.path, "--out", tmp_path / "drawn")
    assert table.returncode == 0, table.stderr


def test_panels_of_what_a_scenario_has_not_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"figure.panels: channels is not in this scenario; expected snr_db, transcei"):
        load(str(small(tmp_path, ("seed: 3", "seed: 3\nfigure: {panels: channels}")))).points()


def test_a_curve_that_one_panel_lacks_changes_the_look_of_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder(ROOT / "results" / "ebim_rate_distortion")
    few, many = (one for one in drawn(monkeypatch, folder).axes if one.get_ylabel().startswith("Slack"))
    colours = [
        dict(zip(labels, (handle[0].get_color() for handle in handles), strict=True))
        for handles, labels in (one.get_legend_handles_labels() for one in (few, many))
    ]
    assert set(colours[0]) - set(colours[1]) == {"exact"}
    assert all(colours[0][name] == colour for name, colour in colours[1].items())


def test_letters_stand_as_whole_numbers_and_a_caption_says_that_nought_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two letters each are coupled exactly; five letters are not far enough from two for a logarithmic axis."""
    exact, quality = (RunFolder(ROOT / "results" / name) for name in ("coupling_exact", "coupling_quality"))
    axes = drawn(monkeypatch, exact).axes[0]
    assert axes.get_xscale() == "linear"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["2", "3", "4", "5"]
    assert "does not show 0" not in caption([exact], panels(exact))
    axes = drawn(monkeypatch, quality).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert caption([quality], panels(quality)).endswith("; a logarithmic axis does not show 0; seed 1")


def test_runs_with_other_axes_or_metrics_are_not_overlaid(kept: RunFolder, tmp_path: Path) -> None:
    modulations = finished(
        tmp_path, "modulations", ("snr_db: [0, 4, 8]", "transceiver.modulation: [qpsk, bpsk]\n  snr_db: [0]")
    )
    with pytest.raises(UserError, match=r"the runs show snr_db and transceiver\.modulation; expected the same"):
        draw([kept, modulations], tmp_path)
    blocks = finished(tmp_path, "blocks", ("  batch: 20", "  batch: 20\n  metrics: [bler]"))
    bits = finished(tmp_path, "bits", ("  batch: 20", "  batch: 20\n  metrics: [ber]"))
    with pytest.raises(UserError, match="the runs measure different metrics; expected a common one to overlay them"):
        draw([blocks, bits], tmp_path)


def test_an_export_holds_what_the_figure_shows(kept: RunFolder, tmp_path: Path) -> None:
    write(kept, tmp_path / "record.nc")
    with xarray.open_dataset(tmp_path / "record.nc", engine="h5netcdf") as record:
        curve = next(curve for curve in panels(kept)[0].curves if curve.label == "QPSK, fading")
        there = record.sel(channel="fading", transceiver="QPSK", receiver="perfect", repeat=0)
        for field, values in (
            ("estimate", [y.value for y in curve.y]),
            ("low", [y.low for y in curve.y]),
            ("high", [y.high for y in curve.y]),
            ("blocks", list(curve.blocks)),
        ):
            np.testing.assert_array_equal(there[f"ber_{field}"].sel(snr_db=[0.0, 4.0, 8.0]).values, values)
        assert record.attrs["snr_db"].startswith("SNR = Es/N0")


def test_an_export_holds_what_the_scenario_shows_now(tmp_path: Path) -> None:
    """Not what it showed before labels changed their meaning and the sweep its axis; two labels may mean one thing."""
    twins = ("BPSK: {kind: uncoded, modulation: bpsk}", "twin: {kind: uncoded, modulation: qpsk}")
    texts = [
        (twins,),
        (twins, ("QPSK: {kind: uncoded, modulation: qpsk}", "QPSK: {kind: uncoded, modulation: 16qam}")),
        (twins, ("snr_db: [0, 4, 8]", "ebn0_db: [0, 4]")),
        (twins,),
    ]
    for changes in texts:
        scenario = load(str(small(tmp_path, QUICK, *changes)))
        kept = RunFolder.create(tmp_path / "run", scenario)
        list(run(scenario, kept))
        record = dataset(kept)
        for panel in panels(kept):
            for curve in panel.curves:
                label, channel = curve.label.split(", ")
                there = record[f"{panel.metric}_estimate"].sel(
                    transceiver=label, channel=channel, receiver="perfect", repeat=0
                )
                np.testing.assert_array_equal(there.values, [y.value for y in curve.y])
        assert (record["fact_channel_uses"] > 0).all()


def test_a_run_without_points_draws_nothing(tmp_path: Path) -> None:
    empty = RunFolder.create(tmp_path / "run", load(str(small(tmp_path))))
    with pytest.raises(UserError, match="no point of its scenario is finished; go on with `semcom run`"):
        draw([empty], tmp_path)


def test_a_published_frame_says_its_fields_and_what_intervals_count() -> None:
    """Fields with the part they are of, whole numbers as such; rates and root mean squares count frames."""
    folder = RunFolder(ROOT / "results" / "isac_frame")
    shown = panels(folder)
    labels = {curve.label for panel in shown for curve in panel.curves}
    assert labels == {f"{name}, pilots spacing {step}" for name in ("whole frame", "pilots") for step in (1, 4)}
    roots = [panel for panel in shown if panel.metric.startswith("rmse")]
    for some in (shown, roots):
        assert "over 100 independent blocks, each a frame with its own targets and noise" in caption([folder], some)


def test_times_and_errors_in_a_unit_have_axes_of_decades_and_chances_across_too() -> None:
    scales = {}
    for name in ("plain_scaling", "plain_roc"):
        for panel in panels(RunFolder(ROOT / "results" / name)):
            axes = Figure().add_subplot()
            _draw_panel(axes, panel, ())
            scales[name, panel.metric] = (axes.get_xscale(), axes.get_yscale())
    assert scales["plain_scaling", "cpu_ms"] == ("log", "log")
    assert scales["plain_scaling", "normalised_delay"] == ("log", "linear")
    assert scales["plain_roc", "false_alarm"] == ("log", "log")
    assert scales["plain_roc", "right_order"] == ("log", "linear")


def test_points_of_one_name_stand_side_by_side_around_it() -> None:
    axes = Figure().subplots()
    panel = panels(RunFolder(ROOT / "results" / "plain_crossed"))[0]
    _draw_panel(axes, panel, [])
    shown = [np.asarray(line.get_xdata()) for line in axes.get_lines() if line.get_marker() != "_"]  # but for caps
    assert axes.get_xticklabels()[0].get_text() == "crossing"
    for name in range(4):
        places = sorted(float(across[name]) for across in shown)
        assert len(set(places)) == len(panel.curves)
        assert -0.5 < places[0] - name < places[-1] - name < 0.5
        assert np.mean(places) == pytest.approx(name)
