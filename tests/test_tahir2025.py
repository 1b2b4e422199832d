"""PLAIN as published and what it is made of: one mode at a time, order rules, fusion."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom.scenes import Scene
from semcom.scenes.crossed import Crossed
from semcom.scenes.uniform import Uniform
from semcom.studies.sensing_trials import measured
from semcom_estimation.sensing.compression import COMPRESSIONS, Compressed
from semcom_estimation.sensing.decoupled import DECOUPLED, Decoupled
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.fusion import FUSIONS, Fusion
from semcom_estimation.sensing.order import ORDERS, Order
from semcom_estimation.sensing.scoring import matched
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, at_middle, steering, synthesised
from semcom_estimation.sensing.tahir2025 import Tahir2025

MODEL = SignalModel.read(
    {
        "modes": [
            {"kind": "angle", "length": 16, "view_deg": [30, 150]},
            {"kind": "delay", "length": 64, "spacing_hz": 60e3, "view_s": [0.0, 2.4e-6]},
            {"kind": "doppler", "length": 32, "symbol_s": 1e-4, "view_hz": [-1000, 1000]},
        ]
    }
)
GRIDLESS = [
    {"kind": "root_music"},
    {"kind": "esprit", "variant": "ls"},
    {"kind": "esprit", "variant": "tls"},
    {"kind": "esprit", "variant": "unitary"},
    {"kind": "matrix_pencil"},
]
GRIDDED = [{"kind": "music"}, {"kind": "omp"}, {"kind": "fista"}]
VIEW = (-0.16, 0.02)


def part(family: Any, plain: dict[str, Any]) -> Any:
    return family.kinds[plain["kind"]].read(plain)


def unfolding(one: ModeMap, frequencies: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tones in 20 snapshots of independent gains, `[kept, snapshot]`."""
    gains = rng.standard_normal((len(frequencies), 20)) + 1j * rng.standard_normal((len(frequencies), 20))
    return np.asarray(one.respond(frequencies).values @ gains)


def maps_of(compression: dict[str, Any]) -> ModeMap:
    """The map of a mode of 48 samples."""
    model = SignalModel.read({"modes": [{"kind": "delay", "length": 48, "spacing_hz": 1.0, "view_s": [-0.02, 0.16]}]})
    small = part(COMPRESSIONS, compression).compress(np.ones(48, complex), model)
    assert isinstance(small, Compressed)
    return small.maps[0]


@pytest.mark.parametrize(
    "compression", [{"kind": "none"}, {"kind": "average", "factors": [3]}, {"kind": "decimate", "factors": [3]}]
)
@pytest.mark.parametrize("plain", GRIDLESS, ids=lambda plain: "-".join(plain.values()))
def test_gridless_estimators_of_a_mode_give_the_truth(
    plain: dict[str, Any], compression: dict[str, Any], rng: np.random.Generator
) -> None:
    decoupled = part(DECOUPLED, plain)
    assert isinstance(decoupled, Decoupled)
    truth = np.array([-0.13, -0.06, 0.005]) + rng.uniform(-0.01, 0.01, 3)
    one = maps_of(compression)
    look = decoupled.look(unfolding(one, truth, rng), one, VIEW)
    np.testing.assert_allclose(decoupled.frequencies(look, 3), np.sort(truth), atol=1e-9)


@pytest.mark.parametrize("plain", GRIDDED, ids=lambda plain: plain["kind"])
def test_gridded_estimators_of_a_mode_come_within_a_quarter_of_a_bin(
    plain: dict[str, Any], rng: np.random.Generator
) -> None:
    decoupled = part(DECOUPLED, plain)
    truth = np.array([-0.13, -0.06, 0.005]) + rng.uniform(-0.01, 0.01, 3)
    one = ModeMap(48)
    found = decoupled.frequencies(decoupled.look(unfolding(one, truth, rng), one, VIEW), 3)
    np.testing.assert_allclose(found, np.sort(truth), atol=0.25 / 48)


def test_an_estimator_that_needs_tones_says_so_behind_a_compression_that_leaves_none() -> None:
    said = Tahir2025.read({"kind": "tahir2025", "compression": "dpss"}).check(MODEL)
    assert said is not None
    assert "root_music needs tones, and dpss leaves none" in said


def eigenvalues(length: int, rng: np.random.Generator) -> np.ndarray:
    """Of three tones 20 dB above the noise in 200 snapshots, the largest first."""
    tones = steering(length, np.array([-0.3, 0.0, 0.25])).values
    gains = rng.standard_normal((3, 200)) + 1j * rng.standard_normal((3, 200))
    heard = tones @ gains + 0.1 * (rng.standard_normal((length, 200)) + 1j * rng.standard_normal((length, 200)))
    return np.asarray(np.linalg.eigvalsh(heard @ heard.conj().T / 200)[::-1])


@pytest.mark.parametrize(("name", "most"), [("aic", 6), ("mdl", 3), ("rd_mdl", 3)])
def test_criteria_count_strong_targets(name: str, most: int, rng: np.random.Generator) -> None:
    """In two modes at once. Akaike's finds too many now and then."""
    rule = part(ORDERS, {"kind": name})
    assert isinstance(rule, Order)
    found = rule.orders([eigenvalues(length, rng) for length in (12, 10)], [200, 200])
    assert all(3 <= order <= most for order in found)


def test_the_exponential_fitting_test_finds_too_many_as_rarely_as_was_asked(rng: np.random.Generator) -> None:
    """Noise breaks the profile with a probability of 0.05, targets always."""
    rule = part(ORDERS, {"kind": "eft", "false_alarm": 0.05})
    found = [rule.orders([eigenvalues(12, rng)], [200])[0] for _ in range(60)]
    wrong = sum(order != 3 for order in found)
    assert min(found) >= 3
    assert stats.binom.sf(wrong - 1, 60, 0.05) > FALSE_ALARM


def noise_eigenvalues(samples: int, snapshots: int, rng: np.random.Generator) -> np.ndarray:
    """Of the covariance of white noise, the largest first."""
    pair = rng.standard_normal((2, samples, snapshots))
    heard = pair[0] + 1j * pair[1]
    return np.asarray(np.linalg.eigvalsh(heard @ heard.conj().T / snapshots)[::-1])


@pytest.mark.parametrize("samples", [8, 24])
def test_noise_breaks_the_exponential_profile_as_often_as_asked(samples: int, rng: np.random.Generator) -> None:
    """Also where there are fewer snapshots than samples; thresholds are quantiles of 3,000 draws themselves."""
    rule, trials, chance = part(ORDERS, {"kind": "eft", "false_alarm": 0.2}), 400, 0.2
    alarms = sum(rule.orders([noise_eigenvalues(samples, 12, rng)], [12])[0] > 0 for _ in range(trials))
    spread = np.sqrt(chance * (1.0 - chance) * (1.0 / trials + 1.0 / 3000.0))
    assert abs(alarms / trials - chance) < stats.norm.isf(FALSE_ALARM / 2) * spread


@pytest.mark.parametrize("name", ["aic", "mdl", "eft", "rd_mdl"])
def test_samples_and_snapshots_may_change_places(name: str, rng: np.random.Generator) -> None:
    """The tensor's unfolding and its transpose have the same singular values, so they tell the same number."""
    rule = part(ORDERS, {"kind": name})
    for strength in np.linspace(0.0, 1.0, 12):
        tones = strength * steering(20, np.array([-0.3, 0.1])).values @ steering(7, np.array([0.2, -0.1])).values.T
        pair = rng.standard_normal((2, *tones.shape))
        heard = tones + pair[0] + 1j * pair[1]
        values = [np.linalg.eigvalsh(y @ y.conj().T / y.shape[1])[::-1] for y in (heard, heard.T)]
        assert rule.orders(values[:1], [7]) == rule.orders(values[1:], [20])


@pytest.mark.parametrize("name", ["aic", "mdl", "eft", "rd_mdl"])
def test_one_snapshot_does_not_tell_a_number_of_targets(name: str, rng: np.random.Generator) -> None:
    model = SignalModel(modes=MODEL.modes[1:2])
    tensor = measured(model, Uniform(targets=1).draw(model, rng), 0.01, rng)
    estimator = Tahir2025.read({"kind": "tahir2025", "order": name})
    with pytest.raises(ValueError, match="one snapshot has one eigenvalue, which does not tell targets from noise"):
        estimator.estimate(tensor, model)
    smoothed = Tahir2025.read({"kind": "tahir2025", "order": name, "decoupled": {"kind": "root_music", "smoothing": 8}})
    assert smoothed.estimate(tensor, model).order >= 1
    assert estimator.estimate(tensor, model, targets=1).order == 1


@pytest.mark.parametrize("name", ["tensor_ls", "tensor_omp", "atom_omp", "hungarian"])
def test_fusion_pairs_targets_that_differ_in_every_mode(name: str, rng: np.random.Generator) -> None:
    fusion = part(FUSIONS, {"kind": name})
    assert isinstance(fusion, Fusion)
    truth = np.array([[-0.3, -0.12, 0.05], [0.0, -0.02, -0.05], [0.3, -0.07, 0.0]])
    gains = np.exp(2j * np.pi * rng.random(3)) * np.array([1.0, 0.8, 0.6])
    responses = [steering(length, truth[:, axis]) for axis, length in enumerate(MODEL.shape)]
    tensor = synthesised(responses, at_middle(gains, truth, MODEL.shape))
    small = Compressed(tensor[..., None], tuple(ModeMap(length) for length in MODEL.shape))
    found = fusion.paired(small, [rng.permutation(truth[:, axis]) for axis in range(3)], 3)
    order = np.argsort(found[:, 0])
    np.testing.assert_allclose(found[order], truth)


def detected(estimator: Estimator, scene: Scene, trials: int, rng: np.random.Generator) -> float:
    """The share of targets found at 20 dB."""
    hits = 0
    for _ in range(trials):
        truth = scene.draw(MODEL, rng)
        tensor = measured(MODEL, truth, 0.01, rng)
        found = estimator.estimate(tensor, MODEL, targets=scene.count())
        hits += len(matched(MODEL, truth.frequencies, found.frequencies, 0.5).target)
    return hits / trials / scene.count()


def test_targets_apart_are_found_and_refinement_reaches_the_bound(rng: np.random.Generator) -> None:
    published, refined = Tahir2025(), Tahir2025(refine=True)
    assert detected(published, Uniform(targets=3), 20, rng) > 0.9
    truth = Uniform(targets=3).draw(MODEL, rng)
    clean = measured(MODEL, truth, 1e-12, rng).astype(np.complex128)
    found = refined.estimate(clean, MODEL, targets=3)
    match = matched(MODEL, truth.frequencies, found.frequencies, 0.1)
    np.testing.assert_allclose(found.frequencies[match.estimate], truth.frequencies[match.target], atol=1e-6)
    assert np.isfinite(found.frequency_deviations).all()
    assert np.isnan(published.estimate(clean, MODEL, targets=3).frequency_deviations).all()


@pytest.mark.parametrize(
    "compression",
    [{"kind": "decimate", "factors": [1, 4, 2]}, {"kind": "average", "factors": [1, 3, 4]}, "polyphase"],
    ids=str,
)
def test_refined_targets_state_the_deviations_of_what_was_kept(compression: object, rng: np.random.Generator) -> None:
    """Squares of errors over stated deviations average 1, in a chi-squared band of one target in 100 tensors."""
    estimator = Tahir2025.read({"kind": "tahir2025", "compression": compression, "refine": True})
    ratios = []
    for _ in range(100):
        truth = Uniform(targets=1).draw(MODEL, rng)
        found = estimator.estimate(measured(MODEL, truth, 0.1, rng), MODEL, targets=1)
        ratios.append((found.frequencies - truth.frequencies) / found.frequency_deviations)
    assert (np.abs(np.mean(np.square(ratios), axis=0) - 1.0) < 6.1 * np.sqrt(2.0 / 100.0)).all()


def test_stages_are_timed_and_no_more_targets_are_found_than_asked(rng: np.random.Generator) -> None:
    tensor = measured(MODEL, Uniform(targets=3).draw(MODEL, rng), 0.01, rng)
    for plain in ({"order": {"kind": "fixed", "targets": 0}}, {"order": {"kind": "fixed", "targets": 12}, "most": 2}):
        found = Tahir2025.read({"kind": "tahir2025", **plain}).estimate(tensor, MODEL)
        assert found.order == plain.get("most", 0)
        assert list(found.seconds) == ["compression", "decoupled", "fusion", "refinement"]


def test_coherent_targets_bias_the_published_method(rng: np.random.Generator) -> None:
    """Three that differ in angle alone are one vector in its unfolding: two with its mirror image, never three.

    Without noise the errors stay; averages over sub-arrays make them tones apart again.
    """
    truth = Crossed(pattern="same_delay_and_doppler").draw(MODEL, rng)
    tensor = measured(MODEL, truth, 1e-8, rng)
    smoothed = Tahir2025.read({"kind": "tahir2025", "decoupled": {"kind": "root_music", "smoothing": 7}})
    errors = []
    for estimator in (Tahir2025(), smoothed):
        found = estimator.estimate(tensor, MODEL, targets=3)
        match = matched(MODEL, truth.frequencies, found.frequencies, 2.0)
        apart = found.frequencies[match.estimate, 0] - truth.frequencies[match.target, 0]
        errors.append(float(np.max(np.abs(apart))) * MODEL.shape[0])
    assert errors[0] > 0.01
    assert errors[1] < 0.01


def test_atoms_one_by_one_find_crossing_targets_that_full_cores_hide(rng: np.random.Generator) -> None:
    scene = Crossed(pattern="grid")
    by_atom = detected(Tahir2025.read({"kind": "tahir2025", "fusion": "atom_omp"}), scene, 15, rng)
    assert by_atom > 0.9
    assert detected(Tahir2025(), scene, 15, rng) < by_atom - 0.1
