"""PLAIN's default against the truth, its bound, and what noise alone does."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from near import assert_rate
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.compression.dpss import Dpss
from semcom_estimation.sensing.excursions import threshold
from semcom_estimation.sensing.plain import Plain
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, at_middle, steering, synthesised

MODEL = SignalModel.read(
    {
        "modes": [
            {"kind": "angle", "length": 8, "view_deg": [30, 150]},
            {"kind": "delay", "length": 48, "spacing_hz": 60e3, "view_s": [0.0, 3e-6]},
            {"kind": "doppler", "length": 20, "symbol_s": 1e-4, "view_hz": [-1000, 1000]},
        ]
    }
)


def clean(frequencies: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """The tensor of targets with gains at its first sample."""
    responses = [steering(length, frequencies[:, axis]) for axis, length in enumerate(MODEL.shape)]
    return np.asarray(synthesised(responses, at_middle(gains, frequencies, MODEL.shape)))


def noise(rng: np.random.Generator, variance: float) -> np.ndarray:
    pair = rng.standard_normal((2, *MODEL.shape)) * np.sqrt(variance / 2.0)
    return np.asarray(pair[0] + 1j * pair[1])


def apart(rng: np.random.Generator, targets: int, bins: float = 1.5) -> np.ndarray:
    """Frequencies in the views, in some mode at least so far from one another."""
    low, high = np.array(MODEL.views).T
    while True:
        found = low + (high - low) * rng.uniform(0.05, 0.95, (targets, 3))
        distance = np.max(np.abs(found[:, None] - found) * np.array(MODEL.shape), axis=2) + 1e3 * np.eye(targets)
        if distance.min() > bins:
            return np.asarray(found)


def paired(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The found ones in the order of the true ones."""
    cost = np.max(np.abs(truth[:, None] - found) * np.array(MODEL.shape), axis=2)
    return np.asarray(found[linear_sum_assignment(cost)[1]])


def test_without_noise_it_finds_the_truth(rng: np.random.Generator) -> None:
    truth = apart(rng, 4)
    gains = np.exp(2j * np.pi * rng.random(4)) * np.array([1.0, 0.7, 0.4, 0.2])
    found = Plain().estimate(clean(truth, gains), MODEL, targets=4)
    np.testing.assert_allclose(paired(found.frequencies, truth), truth, atol=1e-9)
    np.testing.assert_allclose(found.gains, gains, atol=1e-7)


def test_errors_are_those_of_the_cramer_rao_bound_and_of_the_stated_deviations(rng: np.random.Generator) -> None:
    """Over 300 trials of three targets; squares of normalised errors average 1, in a chi-squared band."""
    variance, errors, stated = 0.05, [], []
    for _ in range(100):
        truth, gains = apart(rng, 3), np.exp(2j * np.pi * rng.random(3))
        tensor = clean(truth, gains) + noise(rng, variance)
        found = Plain().estimate(tensor.astype(np.complex64), MODEL, targets=3)
        cost = np.max(np.abs(truth[:, None] - found.frequencies) * np.array(MODEL.shape), axis=2)
        order = linear_sum_assignment(cost)[1]
        bound = np.sqrt(np.diagonal(cramer_rao(MODEL, truth, gains, variance), axis1=1, axis2=2))
        errors.append((found.frequencies[order] - truth) / bound)
        stated.append(found.frequency_deviations[order] / bound)
    normalised = np.mean(np.concatenate(errors) ** 2, axis=0)
    band = 6.1 * np.sqrt(2.0 / 300.0)
    assert (np.abs(normalised - 1.0) < band).all()
    np.testing.assert_allclose(np.mean(np.concatenate(stated), axis=0), 1.0, atol=0.05)


@pytest.mark.parametrize("known", [True, False])
def test_noise_alone_is_taken_for_a_target_as_often_as_was_asked(known: bool, rng: np.random.Generator) -> None:
    alarms = sum(
        Plain(false_alarm=0.1).estimate(noise(rng, 2.0), MODEL, noise_variance=2.0 if known else None).order > 0
        for _ in range(200)
    )
    assert_rate(alarms, 200, 0.1)


def test_the_number_of_targets_is_found(rng: np.random.Generator) -> None:
    truth = apart(rng, 3)
    found = Plain().estimate(clean(truth, np.ones(3) + 0j) + noise(rng, 0.05), MODEL)
    assert found.order == 3


def test_the_threshold_of_one_mode_is_what_noise_exceeds(rng: np.random.Generator) -> None:
    """Against the largest of a fine grid over 2,000 draws of noise."""
    length, view = 32, (-0.2, 0.1)
    atoms = steering(length, np.linspace(*view, 400)).values / np.sqrt(length)
    draws = (rng.standard_normal((2000, length)) + 1j * rng.standard_normal((2000, length))) / np.sqrt(2.0)
    highest = np.max(np.abs(draws @ atoms.conj()) ** 2, axis=1)
    for chance in (0.1, 0.01):
        limit = threshold((ModeMap(length),), (view,), chance)
        assert_rate(int(np.sum(highest > limit)), 2000, chance)


def test_where_narrow_views_leave_little_to_exceed_false_alarms_are_no_more_than_asked() -> None:
    """One frequency in each of two modes, nearly: the largest of noise is exponential."""
    limit = threshold((ModeMap(8), ModeMap(8)), ((0.0, 1e-4), (0.0, 1e-4)), 0.49)
    assert np.exp(-limit) <= 0.49


def test_dpss_keeps_the_information_that_it_promises() -> None:
    for allowed in (1.3, 1.05, 1.01):
        growth = Dpss(growth_allowed=allowed).growth(MODEL)
        assert max(growth) <= allowed + 1e-9
        assert growth[1] > 1.0  # it does leave something out
    kept = [one.kept for one in Dpss().maps(MODEL)]
    assert kept[1] < 48 / 2
    for one in Dpss().maps(MODEL):
        if one.matrix is not None:
            np.testing.assert_allclose(one.matrix @ one.matrix.conj().T, np.eye(one.kept), atol=1e-9)


@pytest.mark.parametrize("kind", [np.complex64, np.complex128])
def test_rounding_is_no_target(kind: type, rng: np.random.Generator) -> None:
    """Without noise nothing is left of a target but the digits that it came with."""
    truth = apart(rng, 2)
    assert Plain().estimate(clean(truth, np.ones(2) + 0j).astype(kind), MODEL).order == 2


def test_two_targets_in_one_place_break_nothing(rng: np.random.Generator) -> None:
    """The bound of targets that coincide is large and finite; estimates of one target told to be two come back."""
    truth = apart(rng, 1)
    bound = cramer_rao(MODEL, np.vstack([truth, truth]), np.ones(2) + 0j, 1.0)
    assert np.isfinite(bound).all()
    assert (
        np.diagonal(bound, axis1=1, axis2=2) > 1e3 * np.diag(cramer_rao(MODEL, truth, np.ones(1) + 0j, 1.0)[0])
    ).all()
    found = Plain().estimate(clean(truth, np.ones(1) + 0j), MODEL, targets=2)
    assert found.order == 2
    assert np.isfinite(found.frequency_deviations).all()
