"""Sensing studies: paired draws, metrics against hand-made trials, and mistakes in scenarios."""

from typing import Any

import numpy as np
import pytest

from command import ROOT
from semcom.errors import UserError
from semcom.scenario.find import load
from semcom.scenario.scenario import StopRule
from semcom.scenes import Truth
from semcom.sensing_metrics import KINDS, Trial
from semcom.studies.sensing_point import SensingPoint, tally_over
from semcom.studies.sensing_trials import measured, run
from semcom.sweep.job import check, jobs_of
from semcom.tally import Mean, Rate, RootMean
from semcom_channels import Streams
from semcom_channels.spec import name_of
from semcom_estimation.sensing.scoring import matched
from semcom_estimation.sensing.signal_model import SignalModel

SMOKE = ROOT / "scenarios" / "smoke" / "sensing.yaml"


def points() -> list[SensingPoint]:
    tasks = [point.task for point in load(str(SMOKE), ()).points()]
    return [task for task in tasks if isinstance(task, SensingPoint)]


def streams(point: SensingPoint, chunk: int = 0) -> Streams:
    return Streams(1, 0, chunk, point.stream_keys())


def test_estimators_and_snrs_meet_the_same_targets_and_the_same_noise() -> None:
    by_scene: dict[str, list[SensingPoint]] = {}
    for point in points():
        by_scene.setdefault(point.scene.kind, []).append(point)
    for alike in by_scene.values():
        assert len({tuple(point.stream_keys().items()) for point in alike}) == 1
        truths = [[trial.truth.frequencies for trial in run(point, streams(point))] for point in alike]
        for other in truths[1:]:
            np.testing.assert_array_equal(other, truths[0])
    first = points()[0]
    assert (run(first, streams(first))[0].truth.frequencies != run(first, streams(first, 1))[0].truth.frequencies).any()


def test_the_noise_has_the_power_that_the_snr_promises(rng: np.random.Generator) -> None:
    model = points()[0].model
    tensor = measured(model, Truth(np.zeros((0, 3)), np.zeros(0, complex)), 0.25, rng)
    power = np.abs(tensor) ** 2
    assert power.mean() == pytest.approx(0.25, abs=6.1 * 0.25 / np.sqrt(model.size))


def trial(found: np.ndarray) -> Trial:
    """Two targets of which estimates are given; bounds are 0.01 bins, stated ones twice that."""
    model = points()[0].model
    truth = np.array([[0.1, -0.1, 0.05], [-0.2, -0.05, 0.0]])
    match = matched(model, truth, found, 0.5)
    errors = (found[match.estimate] - truth[match.target]) ** 2
    right, mine = model.parameters(truth[match.target]), model.parameters(found[match.estimate])
    bound = np.tile((0.01 / np.array(model.shape)) ** 2, (2, 1))
    return Trial(
        model,
        Truth(truth, np.ones(2, complex)),
        found,
        match,
        errors,
        {name: (mine[name] - right[name]) ** 2 for name in model.names},
        bound,
        np.tile(4.0 * bound[:1], (len(found), 1)),
        0.002,
    )


def test_metrics_of_a_hand_made_trial() -> None:
    """The first target is found 0.1 bins off in every mode, the second is missed, and one estimate is of nothing."""
    lengths = np.array(points()[0].model.shape)
    found = np.array([[0.1, -0.1, 0.05] + 0.1 / lengths, [0.3, -0.02, -0.1]])
    made = trial(found)
    tallies: dict[str, Any] = {}
    for kind in KINDS:
        metric = kind.read({"kind": name_of(kind)})
        if metric.check(made.model, 2) is None:
            tallies[metric.kind] = tally_over(metric, [made], 2)
    assert tallies["detection"] == Rate(1, 1, 2, 1)
    assert tallies["all_detected"] == Rate(1, 0, 1, 0)
    assert tallies["false_alarm"] == Rate(1, 1, 1, 1)
    assert tallies["right_order"] == Rate(1, 1, 1, 1)
    assert tallies["gospa"].mean == pytest.approx(np.sqrt(0.1**2 + 2 * 0.5**2 / 2.0))
    assert tallies["cpu_ms"] == Mean(1, 2.0, 0.0)
    for mode in ("angle", "delay", "doppler"):
        assert tallies[f"normalised_{mode}"].interval().value == pytest.approx(10.0)
    assert tallies["stated_deviation"].values == 3
    assert tallies["stated_deviation"].interval().value == pytest.approx(5.0)
    delay_s = 0.1 / 32 / 60e3
    assert tallies["rmse_range_m"].interval().value == pytest.approx(299_792_458.0 * delay_s / 2.0)
    assert "rmse_azimuth_deg" not in tallies
    assert tallies["rmse_angle_deg"] == RootMean.of([[float(made.parameter_errors["angle_deg"][0])]])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sweep": "{scene.targets: [2]}"}, "sweep: a sensing study needs an SNR; give snr_db"),
        (
            {"sweep": "{ebn0_db: [2]}"},
            "sweep.ebn0_db: no such axis; did you mean snr_db? expected snr_db or a field such as scene.targets",
        ),
        (
            {"study.metrics": "[rmse_azimuth_deg]", "stop.metric": "null"},
            "rmse_azimuth_deg: the model has no azimuth_deg; it has angle_deg",
        ),
        ({"study.scenes": "{quiet: silence}"}, "detection: there are no targets to detect"),
        (
            {"study.models.small.modes.0.view_deg": "[88, 92]"},
            "pairs: within_bins is 0.6; the field of view of angle",
        ),
    ],
)
def test_mistakes_are_told_before_anything_is_computed(changes: dict[str, str], words: str) -> None:
    settings = [f"{name}={value}" for name, value in changes.items()]
    with pytest.raises(UserError) as told:
        check(jobs_of(load(str(SMOKE), settings)))
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ({"kind": "delay", "length": 8, "spacing_hz": 1e3, "view_s": [0.0, 2e-3]}, "beyond 1 targets are ambiguous"),
        ({"kind": "delay", "length": 8, "spacing_hz": 1e3, "view_s": [1e-3, 0.0]}, "the field of view is empty"),
        ({"kind": "angle", "length": 1}, "greater than or equal to 2"),
        ({"kind": "angle", "length": 4, "view_deg": [-10, 50]}, "expected a part of 0 to 180"),
        ({"kind": "azimuth", "length": 4, "spacing_wavelengths": 1.0}, "beyond 1 targets are ambiguous"),
    ],
)
def test_modes_refuse_what_is_ambiguous(mode: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SignalModel.read({"modes": [mode]})


def test_root_mean_squares_without_errors_over_the_bound_are_cautioned_about() -> None:
    point = points()[0]
    assert point.cautions() == ()
    alone = tuple(metric for metric in point.metrics if metric.kind not in ("normalised_delay", "normalised_doppler"))
    assert point.model_copy(update={"metrics": alone}).cautions() == (
        "rmse_range_m, rmse_speed_m_s: over unlike targets, of which a few may hold most; normalised_delay, "
        "normalised_doppler says how near the bound is",
    )


def test_targets_of_one_trial_are_one_block_of_a_root_mean_square() -> None:
    point = points()[0]
    tally = point.evaluate(streams(point))["rmse_angle_deg"]
    assert isinstance(tally, RootMean)
    assert tally.blocks == point.trials
    assert tally.values > tally.blocks


def test_a_root_mean_square_stops_a_point_by_its_relative_width() -> None:
    """Metres or degrees have no width that fits all; what is left of the root decides."""
    tally = RootMean.of([[1e-8], [4e-8]] * 100)
    assert 0.03 < tally.relative_half_width() < 0.06
    assert StopRule(relative_half_width=0.06, half_width=1e-9, max_blocks=1000).enough(tally)
    assert not StopRule(relative_half_width=0.03, half_width=1.0, max_blocks=1000).enough(tally)
