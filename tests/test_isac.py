"""Frames that carry data and are sensed: one realisation for both, errors at the bound, and what does not fit."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom.errors import UserError
from semcom.scenario.find import load
from semcom.scenes import Truth
from semcom.sensing_metrics.position import RmsePosition
from semcom.studies.isac import IsacStudy
from semcom.studies.isac_point import IsacPoint
from semcom.studies.isac_truth import truths
from semcom.studies.sensing_trials import bound_itself, scored
from semcom.studies.sensor import Sensor
from semcom.tally import Rate, RootMean
from semcom_channels import Streams
from semcom_channels.backend import tf
from semcom_channels.target_realisation import TargetRealisation
from semcom_channels.target_sight import Sight
from semcom_estimation.sensing.pattern import known_elements, regular
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.targets import targets_of
from semcom_estimation.sensing.view import View

GRID = {"subcarriers": 32, "subcarrier_spacing_hz": 240e3, "symbols": 14, "pilots": {"symbols": [0, 7], "spacing": 2}}
TARGETS: list[dict[str, Any]] = [
    {"range_m": [30.0, 50.0], "speed_m_s": [5.0, 25.0], "azimuth_deg": [-40.0, -10.0]},
    {"range_m": [70.0, 90.0], "speed_m_s": [-25.0, -5.0], "azimuth_deg": [10.0, 40.0], "rcs_m2": 16.0},
]
ASIDE = [TARGETS[0], {**TARGETS[1], "azimuth_deg": [50.0, 70.0]}]  # of the terminal's line of sight at 20 degrees
METRICS = ["detection", "normalised_delay", "normalised_doppler", "normalised_azimuth", "stated_deviation"]
AXES = {"channel.budget.transmit_power_dbm": (30.0,)}


def study(sensor: Any = None, modulation: str = "qpsk", bits: int = 3328, **channel: Any) -> IsacStudy:
    plain = {
        "kind": "point_targets",
        "carrier_hz": 26e9,
        "grid": GRID,
        "targets": TARGETS,
        "radar": {"kind": "ula", "elements": 8},
        "budget": {},
    }
    return IsacStudy.read(
        {
            "kind": "isac",
            "source": {"kind": "bits", "packet_bits": bits},
            "transceivers": {"QAM": {"kind": "uncoded", "modulation": modulation}},
            "channels": {"street": {**plain, **channel}},
            "sensors": {"S": sensor or {}},
            "metrics": ["ber"],
            "sensing_metrics": METRICS,
            "batch": 60,
        }
    )


def point(sensor: Any = None, modulation: str = "qpsk", bits: int = 3328, **channel: Any) -> IsacPoint:
    (found,) = study(sensor, modulation, bits, **channel).points(AXES)
    assert isinstance(found.task, IsacPoint)
    return found.task


@pytest.mark.parametrize("sensor", [{}, {"known": "pilots"}, {"at": "terminal", "known": "pilots"}])
def test_errors_are_those_of_the_bound_and_of_the_stated_deviations(sensor: dict[str, Any], streams: Streams) -> None:
    """Over 60 frames of QPSK with two targets, strong ones at the terminal, which has the line of sight besides."""
    there: dict[str, Any] = {
        "terminal": {"kind": "ula", "elements": 8},
        "targets": [{**one, "rcs_m2": 3e4} for one in ASIDE],
    }
    task = point(sensor, **(there if sensor.get("at") else {}))
    task.check()
    tallies = task.evaluate(streams)
    detection = tallies["detection"]
    assert isinstance(detection, Rate)
    assert detection.errors == detection.trials == 60 * (3 if sensor.get("at") else 2)
    band = 6.1 * np.sqrt(2.0 / detection.trials)
    for name in METRICS[1:]:
        tally = tallies[name]
        assert isinstance(tally, RootMean)
        assert abs(tally.mean_square - 1.0) < band, name


@pytest.mark.parametrize(("modulation", "bits"), [("16qam", 4), ("64qam", 6)])
def test_frames_of_any_modulation_have_errors_at_the_bound(modulation: str, bits: int, streams: Streams) -> None:
    """Over 60 frames; division alone has squares 1.9 and 2.7 times the bound."""
    tallies = point(modulation=modulation, bits=1664 * bits, budget={"transmit_power_dbm": 40.0}).evaluate(streams)
    for name in METRICS[1:]:
        tally = tallies[name]
        assert isinstance(tally, RootMean)
        assert tally.values >= 120
        assert abs(tally.mean_square - 1.0) < 6.1 * np.sqrt(2.0 / 120), name


def test_the_data_of_a_sensed_frame_are_those_of_its_link(streams: Streams) -> None:
    task = point(modulation="16qam", budget={"transmit_power_dbm": 15.0}, bits=6656)
    quiet = task.model_copy(update={"link": task.link.model_copy(update={"batch": 20})})
    link = quiet.link.evaluate(streams)["ber"]
    assert quiet.evaluate(streams)["ber"] == link


def test_sensors_hear_the_same_frames(streams: Streams) -> None:
    first, second = point({}), point({"known": "pilots"})
    assert first.stream_keys() == second.stream_keys()
    assert first.key != second.key


def test_more_power_keeps_targets_and_noise(streams: Streams) -> None:
    axes = {"channel.budget.transmit_power_dbm": (0.0, 20.0)}
    weak, strong = (one.task for one in study().points(axes))
    assert weak.stream_keys() == strong.stream_keys()
    assert strong.facts()["snr_db"] - weak.facts()["snr_db"] == pytest.approx(20.0)


def test_the_whole_frame_finds_more_than_its_pilots(streams: Streams) -> None:
    weak: dict[str, Any] = {"targets": [{**TARGETS[0], "rcs_m2": 1e-2}]}
    found = []
    for known in ("frame", "pilots"):
        tally = point({"known": known}, **weak).evaluate(streams)["detection"]
        assert isinstance(tally, Rate)
        found.append(tally.errors)
    table = [found, [60 - count for count in found]]
    assert stats.fisher_exact(table, "greater").pvalue < FALSE_ALARM


def test_facts_tell_how_much_of_a_frame_is_pilots_and_how_much_is_used() -> None:
    whole, pilots = point().facts(), point({"known": "pilots"}).facts()
    assert whole["pilot_share"] == pilots["pilot_share"] == pytest.approx(1.0 / 14.0)
    assert (whole["samples"], pilots["samples"]) == (8 * 32 * 56, 8 * 16 * 8)
    assert whole["targets"] == 2


@pytest.mark.parametrize(
    ("sensor", "channel", "said"),
    [
        ({"view": {"range_m": [0.0, 60.0]}}, {}, r"a target at .* s is outside the view of delay, 0 to 4.003e-07 s"),
        (
            {"known": "pilots"},
            {"grid": {**GRID, "pilots": {"symbols": [0, 7], "spacing": 8}}},
            "is outside the view of delay, 0 to 5.208e-07 s; widen it, or use more of the frame",
        ),
        (
            {"known": "pilots", "view": {"range_m": [0.0, 100.0]}},
            {"grid": {**GRID, "pilots": {"symbols": [0, 7], "spacing": 8}}},
            "cycles a sample wide; beyond 1 targets are ambiguous",
        ),
        ({"known": "pilots"}, {"grid": {**GRID, "pilots": {"symbols": [2, 11]}}}, "the known symbols are 5, 9 apart"),
        ({}, {"radar": None}, "a sensor at the base station needs a radar"),
        (
            {"at": "terminal", "known": "pilots"},
            {"direction": "uplink", "radar": None},
            "a sensor there needs direction: downlink",
        ),
        ({}, {"radar": {"kind": "ula", "elements": 1}}, "normalised_azimuth: the model has no azimuth"),
        ({}, {"targets": []}, "detection: there are no targets to detect"),
        (
            {"estimator": "cpd_als", "known_order": False},
            {},
            "cpd_als needs the number of targets; set known_order: true",
        ),
    ],
)
def test_what_does_not_fit_is_refused(sensor: dict[str, Any], channel: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        point(sensor, **channel).check()


def test_channels_without_targets_are_refused() -> None:
    plain = study().plain()
    other = IsacStudy.read({**plain, "channels": {"street": {"kind": "tdl"}}})
    (found,) = other.points({"snr_db": (10.0,)})
    with pytest.raises(UserError, match="tdl has no targets; sensing needs a channel of kind point_targets"):
        found.task.check()


def test_the_terminal_knows_pilots_alone() -> None:
    with pytest.raises(ValueError, match="the terminal knows pilots alone; give known: pilots"):
        study({"at": "terminal"})


def sensed_truth(
    streams: Streams, sensor: Sensor, uses: int = 1664, targets: Any = TARGETS[:1]
) -> tuple[Truth, np.ndarray]:
    """Of one target and pilots from the fourth symbol on: its truth, and the tensor without noise."""
    uses = 1664
    grid = {**GRID, "pilots": {"symbols": [3, 10], "spacing": 2}}
    channel = point(targets=targets, grid=grid).channel
    found = channel.draw((1, uses), tf.constant(0.0), streams)
    assert isinstance(found, TargetRealisation)
    pattern = regular(known_elements(found.layout, "pilots"), channel.grid)
    sight = Sight(*(value.numpy() for value in found.echoed().truth))
    (truth,) = truths(sensor.model(channel, uses), sight, channel, pattern)
    gains = found.echo_gain().numpy()[:, :, 0].transpose(1, 0, 2, 3).reshape(8, -1, 32)
    return truth, pattern.of(gains)


def test_the_truth_is_the_tensor_without_noise(streams: Streams) -> None:
    """Gains at its first sample, which is neither the first symbol nor the carrier, and frequencies along its modes."""
    truth, tensor = sensed_truth(streams, Sensor(known="pilots"))
    np.testing.assert_allclose(tensor[0, 0, 0], truth.gains[0], rtol=1e-4)
    steps = np.array([tensor[1, 0, 0], tensor[0, 1, 0], tensor[0, 0, 1]]) / tensor[0, 0, 0]
    np.testing.assert_allclose(steps, np.exp(2j * np.pi * truth.frequencies[0]), atol=1e-4)


def test_a_line_of_antennas_sees_the_cone_of_a_raised_target(streams: Streams) -> None:
    """The truth has the frequency that the tensor has along a horizontal line."""
    raised = {**TARGETS[0], "elevation_deg": 40.0}
    truth, tensor = sensed_truth(streams, Sensor(known="pilots"), targets=[raised])
    step = tensor[1, 0, 0] / tensor[0, 0, 0]
    np.testing.assert_allclose(step, np.exp(2j * np.pi * truth.frequencies[0, 0]), atol=1e-4)


def test_an_error_across_the_ends_of_a_period_is_the_short_way() -> None:
    """A delay just before the end of what subcarriers tell apart is near one just behind 0."""
    model = SignalModel.read({"modes": [{"kind": "delay", "length": 32, "spacing_hz": 240e3}]})
    truth = Truth(np.array([[-0.999]]), np.ones(1, complex))
    found = targets_of(model, np.ones(1), np.array([[-0.001]]), 1.0)
    trial = scored(model, 0.5, truth, np.zeros((1, 1)), found, 0.0)
    np.testing.assert_allclose(trial.errors, 0.002**2)


def test_a_target_that_is_drawn_outside_the_view_fails_the_point(streams: Streams) -> None:
    with pytest.raises(ValueError, match=r"a target at .* hz is outside the view of doppler"):
        sensed_truth(streams, Sensor(known="pilots", view=View(speed_m_s=(-30.0, 0.0))))


def test_an_error_of_position_is_the_distance_between_two_places() -> None:
    """Of a target in azimuth, elevation and range, for small errors; and of the bound, which has variances alone."""
    modes = [
        {"kind": "elevation", "length": 8},
        {"kind": "azimuth", "length": 8},
        {"kind": "delay", "length": 32, "spacing_hz": 240e3},
    ]
    model = SignalModel.read({"modes": modes})
    right, off = np.array([[0.2, 0.15, -0.1]]), np.array([[0.2003, 0.1496, -0.1002]])
    truth, nothing = Truth(right, np.ones(1, complex)), np.zeros((1, 3))

    def place(frequencies: np.ndarray) -> np.ndarray:
        values = model.parameters(frequencies)
        azimuth, elevation = np.deg2rad(values["azimuth_deg"]), np.deg2rad(values["elevation_deg"])
        x, y, z = np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)
        return np.asarray(values["range_m"] * np.stack([x, y, z]))

    trial = scored(model, 0.5, truth, nothing, targets_of(model, np.ones(1), off, 1.0), 0.0)
    (found,) = RmsePosition().values(trial)
    assert found == pytest.approx(np.sum((place(off) - place(right)) ** 2), rel=1e-2)
    variances = np.array([[1e-8, 4e-8, 9e-8]])
    (bound,) = RmsePosition().values(bound_itself(model, 0.5, truth, variances))
    slopes = [(place(right + step) - place(right)) / 1e-6 for step in 1e-6 * np.eye(3)[:, None]]
    assert bound == pytest.approx(sum(np.sum(s**2) * v for s, v in zip(slopes, variances[0], strict=True)), rel=1e-4)


def test_positions_need_a_monostatic_model() -> None:
    plain = study({"at": "terminal", "known": "pilots"}).plain()
    (found,) = IsacStudy.read({**plain, "sensing_metrics": [{"kind": "rmse_position_m"}]}).points(AXES)
    with pytest.raises(UserError, match="rmse_position_m: positions follow from ranges of monostatic models alone"):
        found.task.check()


def test_the_shipped_scenario_measures_data_and_targets_of_the_same_frames() -> None:
    scenario = load("isac_frame")
    points = scenario.points()
    errors = ("rmse_range_m", "rmse_speed_m_s", "rmse_azimuth_deg")
    beside = ("normalised_delay", "normalised_doppler", "normalised_azimuth")
    assert scenario.study.metric_names() == ("ber", "detection", *errors, *beside)
    assert len(points) == 9 * 2 * 2
    for one in points:
        one.task.check()
        assert one.task.cautions() == ()
