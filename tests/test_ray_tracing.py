"""Ray tracing against geometry where its extra is installed, and what is said where it is not."""

import ctypes.util
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError

from near import assert_chi_square
from semcom.errors import UserError
from semcom.scenario.find import load
from semcom.studies.isac import IsacStudy
from semcom.studies.isac_point import IsacPoint
from semcom.studies.isac_trials import run
from semcom.tally import Rate, RootMean
from semcom_channels import PointTargets, Streams
from semcom_channels.ray_tracing import DEBIAN_LLVM, RayTracing, Scene, llvm_missing
from semcom_channels.target_geometry import Paths, echo, link, places

LACKING = RayTracing().missing()
with_extra = pytest.mark.skipif(LACKING is not None, reason=str(LACKING))
TARGETS = {"count": 2, "range_m": [30.0, 60.0], "azimuth_deg": [-20.0, 20.0], "elevation_deg": [-3.0, 3.0]}


def channel(**fields: Any) -> PointTargets:
    plain = {
        "kind": "point_targets",
        "carrier_hz": 26e9,
        "terminal_azimuth_deg": 30.0,
        "speed_m_s": 5.0,
        "targets": [{**TARGETS, "speed_m_s": [-10.0, 10.0], "rcs_m2": [1.0, 5.0]}],
        "tracing": {"heading_deg": 40.0, "base_position_m": [3.0, 4.0, 5.0]},
    }
    return PointTargets.read({**plain, **fields})


@with_extra
@pytest.mark.parametrize("direction", ["downlink", "uplink"])
def test_traced_paths_in_empty_space_are_those_of_geometry_and_the_radar_equation(direction: str) -> None:
    from semcom_channels.sionna_door.ray_tracer import trace

    given = channel(direction=direction)
    there = places(given, 7, 3)
    traced = trace(given, there)
    for found, free in ((traced.link, link(given, there)), (traced.echo, echo(given, there))):
        order = np.argsort(free.delays_s, axis=1)
        for name in Paths._fields:
            left, right = getattr(found, name), getattr(free, name)
            right = np.take_along_axis(right, order if right.ndim == 2 else order[..., None], axis=1)
            left, right = (np.abs(left), np.abs(right)) if name == "gains" else (left, right)
            np.testing.assert_allclose(left, right, rtol=1e-5, atol=2e-5 * np.abs(right).max(), err_msg=name)


@with_extra
def test_a_wall_between_takes_the_line_of_sight(streams: Streams) -> None:
    """Behind the houses of the street canyon: no path to the terminal, and the link is silent."""
    tracing = {"scene": "simple_street_canyon", "base_position_m": [-40.0, 0.0, 2.0]}
    from semcom_channels.backend import tf

    hidden = channel(tracing=tracing, targets=[], terminal_azimuth_deg=60.0, terminal_range_m=30.0)
    gain = hidden.draw((2, 100), tf.constant(0.0), streams).gain
    np.testing.assert_array_equal(gain, 0.0)


@with_extra
@pytest.mark.parametrize("heading_deg", [0.0, 30.0])
def test_the_terminals_clock_is_that_of_free_space_where_a_wall_hides_the_first_path(heading_deg: float) -> None:
    """Around a corner of the street canyon: a target is as late after the hidden line of sight as geometry says.

    A base station that is turned sees the same street at other azimuths.
    """
    from semcom_channels.target_draw import link_paths

    tracing = {"scene": "simple_street_canyon", "base_position_m": [0.0, 0.0, 2.0], "heading_deg": heading_deg}
    target = {"range_m": 64.0, "azimuth_deg": -7.0 - heading_deg}
    hidden = channel(tracing=tracing, targets=[target], terminal_azimuth_deg=43.0 - heading_deg, terminal_range_m=22.0)
    free = hidden.model_copy(update={"tracing": None})
    (_, traced), (_, expected) = (link_paths(one, 3, 1, 1, 1.0) for one in (hidden, free))
    assert traced.shape == (1, 1)
    np.testing.assert_allclose(traced.numpy()[0, 0], expected.numpy()[0, 1], rtol=1e-5)


@with_extra
def test_targets_of_a_traced_street_come_back_where_geometry_says_that_they_are() -> None:
    """At 50 dBm without reflections: ranges within centimetres at the base station and at the terminal."""
    points = [point for point in load("rt_closed_loop").points() if {50.0, 0.0} <= set(point.coordinates.values())]
    assert len(points) == 2
    for point in points:
        point.task.check()
        tallies = point.task.evaluate(Streams(3, 0, 0, point.task.stream_keys()))
        detection, ranges = tallies["detection"], tallies["rmse_range_m"]
        assert isinstance(detection, Rate)
        assert isinstance(ranges, RootMean)
        assert detection.errors > 0.7 * detection.trials  # targets may hide one another, and come within a bin
        assert ranges.mean_square < 0.1**2


@with_extra
def test_scenes_are_those_that_sionna_rt_has() -> None:
    folder = Path(str(distribution("sionna-rt").locate_file("sionna/rt/scenes")))
    assert set(get_args(Scene)) == {file.stem for file in folder.glob("*/*.xml")}


@with_extra
def test_tensorflow_that_came_first_leaves_no_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "drjit")
    said = "tracing needs Dr.Jit, which loads before TensorFlow alone; import semcom_channels before"
    assert RayTracing().missing() == said


@with_extra
def test_all_but_tracing_works_without_llvm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that finds no LLVM has its channels, and says what tracing lacks."""
    monkeypatch.setenv("DRJIT_LIBLLVM_PATH", "/nowhere/libLLVM.so")
    ask = "from semcom_channels import backend, ray_tracing; print(ray_tracing.RayTracing().missing())"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tracing needs LLVM 19; /nowhere/libLLVM.so cannot be loaded.")
    assert done.stderr == ""


def test_another_release_of_sionna_rt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semcom_channels.ray_tracing.version", lambda name: "1.2.1")
    said = "tracing needs sionna-rt 2.2.*; 1.2.1 is installed. pip install 'semcom[rt]'"
    assert RayTracing().missing() == said


def test_an_unknown_scene_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="'simple_street_canyon'"):
        channel(tracing={"scene": "simple_street_canyn"})


FRAMES = 110
MODEL_ERROR = 1e-6  # cycles a sample: single precision, 2^-24, over phases of up to 13 cycles across a mode
SPANS: dict[str, list[tuple[list[float], list[float]]]] = {  # ranges and azimuths, so that no target hides another
    "base": [([20.0, 26.0], [-5.0, -3.0]), ([38.0, 44.0], [-1.0, 1.0]), ([56.0, 62.0], [3.0, 5.0])],
    "terminal": [([40.0, 44.0], [-4.0, -3.0]), ([52.0, 56.0], [1.0, 2.0]), ([64.0, 68.0], [4.0, 5.0])],
}


def closed_loop(at: str) -> IsacPoint:
    """Three targets of a street: before the base station, which hears its frames, or behind a terminal, by pilots."""
    targets = [
        {"range_m": ranges, "speed_m_s": [-20.0, 20.0], "azimuth_deg": azimuths, "rcs_m2": 30.0}
        for ranges, azimuths in SPANS[at]
    ]
    street = {
        "kind": "point_targets",
        "carrier_hz": 26e9,
        "grid": {"subcarriers": 64, "subcarrier_spacing_hz": 480e3, "pilots": {"symbols": [0, 7]}},
        "targets": targets,
        "terminal_range_m": 30.0,
        "terminal_azimuth_deg": 0.0 if at == "terminal" else -15.0,
        "terminal": {"kind": "ula", "elements": 8},
        "radar": {"kind": "ula", "elements": 8},
        "budget": {"transmit_power_dbm": 40.0},
        "tracing": {"scene": "simple_street_canyon", "base_position_m": [-40.0, 0.0, 2.0]},
    }
    study = {
        "kind": "isac",
        "source": {"kind": "bits", "packet_bits": 6000},
        "transceivers": {"QPSK": {"kind": "uncoded", "modulation": "qpsk"}},
        "channels": {"street": street},
        "sensors": {"S": {"at": at, "known": "frame" if at == "base" else "pilots"}},
        "metrics": ["ber"],
        "sensing_metrics": ["detection"],
        "batch": FRAMES,
    }
    (found,) = IsacStudy.read(study).points({"channel.budget.noise_figure_db": (7.0,)})
    assert isinstance(found.task, IsacPoint)
    return found.task


@with_extra
@pytest.mark.parametrize(("at", "count"), [("base", 3), ("terminal", 4)])  # the line of sight is one
def test_the_closed_loop_finds_every_target_with_the_errors_that_it_states(
    at: str, count: int, streams: Streams
) -> None:
    """In each mode and all together, squared errors against geometry over stated variances are chi-square.

    Monostatic and bistatic; targets are bins apart, so that errors of modes and of targets are independent.
    """
    task = closed_loop(at)
    task.check()
    _, trials = run(task, task.link.source.draw(FRAMES, streams.rng("source")), streams)
    ratios = []
    for trial in trials:
        assert len(trial.match.target) == count == len(trial.found)
        ratios.append(trial.errors / (trial.stated[trial.match.estimate] + MODEL_ERROR**2))
    every = np.concatenate(ratios)
    assert every.shape == (FRAMES * count, 3)
    for mode in every.T:
        assert_chi_square(float(mode.sum()), mode.size)
    assert_chi_square(float(every.sum()), every.size)


@pytest.mark.skipif(LACKING is None or "extra" not in LACKING, reason="the extra rt is installed")
def test_a_missing_extra_names_its_pip_line() -> None:
    said = r"point_targets: tracing needs the extra rt: pip install 'semcom\[rt\]'"
    with pytest.raises(UserError, match=said):
        load("rt_closed_loop").points()[0].task.check()


def test_a_library_that_is_missing_or_no_recent_llvm_says_how_to_get_it() -> None:
    remedy = f"apt install libllvm19, then export DRJIT_LIBLLVM_PATH={DEBIAN_LLVM}"
    assert llvm_missing("/nowhere/libLLVM.so") == (
        f"tracing needs LLVM 19; /nowhere/libLLVM.so cannot be loaded. {remedy}"
    )
    other = ctypes.util.find_library("m")
    assert other is not None
    assert llvm_missing(other) == f"tracing needs LLVM 19; {other} is older than 16. {remedy}"


def test_taps_and_reflections_do_not_go_together() -> None:
    with pytest.raises(
        ValidationError, match="taps do not reach the paths that reflections add; give domain: frequency"
    ):
        channel(domain="time", tracing={"reflections": 1})


def test_reflections_leave_a_caution() -> None:
    assert channel().cautions() == ()
    (said,) = channel(tracing={"reflections": 1}).cautions()
    assert said == "walls return paths that cautions and the filters of receivers do not count"
