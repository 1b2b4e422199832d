"""Figures and exports from run folders."""

from pathlib import Path

import numpy as np
import pytest
import xarray

from command import semcom
from scenario_text import small
from semcom.errors import UserError
from semcom.figures.curves import panels
from semcom.figures.draw import draw
from semcom.figures.netcdf import dataset, write
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.sweep.sweep import run

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


def test_runs_are_overlaid_by_name(kept: RunFolder, tmp_path: Path) -> None:
    done = semcom("plot", kept.path, kept.path, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "curves.png").stat().st_size > 10_000


def test_runs_with_other_axes_or_metrics_are_not_overlaid(kept: RunFolder, tmp_path: Path) -> None:
    modulations = finished(
        tmp_path, "modulations", ("snr_db: [0, 4, 8]", "transceiver.modulation: [qpsk, bpsk]\n  snr_db: [0]")
    )
    with pytest.raises(UserError, match=r"the runs sweep snr_db and transceiver\.modulation; expected one axis"):
        draw([kept, modulations], tmp_path)


def test_an_export_holds_what_the_figure_shows(kept: RunFolder, tmp_path: Path) -> None:
    write(kept, tmp_path / "record.nc")
    with xarray.open_dataset(tmp_path / "record.nc", engine="h5netcdf") as record:
        curve = next(curve for curve in panels(kept)[0].curves if curve.label == "QPSK, fading")
        there = record.sel(channel="fading", transceiver="QPSK", repeat=0)
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
                there = record[f"{panel.metric}_estimate"].sel(transceiver=label, channel=channel, repeat=0)
                np.testing.assert_array_equal(there.values, [y.value for y in curve.y])
        assert (record["fact_channel_uses"] > 0).all()


def test_a_run_without_points_draws_nothing(tmp_path: Path) -> None:
    empty = RunFolder.create(tmp_path / "run", load(str(small(tmp_path))))
    with pytest.raises(UserError, match="no point of its scenario is finished; go on with `semcom run`"):
        draw([empty], tmp_path)
