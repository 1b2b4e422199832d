"""Distributions over an axis that is a sample."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from command import semcom
from scenario_text import small
from semcom.errors import UserError
from semcom.figures.curves import panels
from semcom.figures.distribution import quantile
from semcom.figures.draw import draw
from semcom.record.folder import RunFolder
from semcom.scenario.find import load
from semcom.sweep.sweep import run

QUICK = ("min_errors: 400", "min_errors: 20")
OVER = (
    "sweep={channel.coherence_uses: [1, 5, 10, 30, 60], snr_db: [4]}",
    "study.channels={fading: rayleigh}",
    "figure.distribution=channel.coherence_uses",
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    path = tmp_path_factory.mktemp("distributions")
    scenario = load(str(small(path, QUICK)), OVER)
    folder = RunFolder.create(path / "run", scenario)
    assert all(outcome.error is None for outcome in run(scenario, folder))
    return folder


def test_a_distribution_steps_up_at_each_place_within_exact_binomial_bands(
    kept: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures: list[Any] = []

    def keep(figure: Any, out: Path) -> list[Path]:
        figures.append(figure)
        return []

    monkeypatch.setattr("semcom.figures.draw._saved", keep)
    draw([kept], Path())
    axes = figures[0].axes[0]
    curves = panels(kept)[0].curves
    assert len(axes.lines) == len(curves) == 2
    assert axes.get_ylabel() == "Share of coherence uses at or below"
    for line, band, curve in zip(axes.lines, axes.collections, curves, strict=True):
        values = sorted(y.value for y in curve.y)
        np.testing.assert_array_equal(line.get_xdata(), values)
        np.testing.assert_allclose(line.get_ydata(), np.arange(1, 6) / 5)
        low = stats.binomtest(2, 5).proportion_ci(method="exact").low
        assert np.isclose(band.get_paths()[0].vertices[:, 1], low).any()


def test_tables_say_which_share_of_the_places_does_not_pass_a_value(kept: RunFolder) -> None:
    done = semcom("run", kept.path / "scenario.yaml", "--out", kept.path)
    assert done.returncode == 0, done.stderr
    (header, _) = (line for line in done.stdout.splitlines() if "95%" in line and "50%" in line)
    assert header.split() == ["5%", "25%", "50%", "75%", "95%"]
    worst = max(y.value for y in panels(kept)[0].curves[0].y)
    assert f"{worst:.4g}" in done.stdout


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30), st.sampled_from([0.05, 0.25, 0.5, 0.75, 0.95, 1.0]))
def test_a_quantile_is_the_least_value_that_the_share_does_not_pass(numbers: list[int], share: float) -> None:
    values = sorted(float(number) for number in numbers)
    found = quantile(values, share)
    assert found in values
    below = np.mean([value < found for value in values])
    reached = np.mean([value <= found for value in values])
    assert below < share <= reached + 1e-12


def test_a_distribution_needs_an_axis_of_the_sweep(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"figure\.distribution: channel\.user is not in this scenario; expected snr_db$"
    ):
        load(str(small(tmp_path, QUICK)), ("figure.distribution=channel.user",))
