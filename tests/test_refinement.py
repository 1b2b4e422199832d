"""Estimators that state deviations: at the maximum of the likelihood, also of near targets, or without a statement."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from near import assert_chi_square
from semcom_channels.spec import name_of
from semcom_estimation.sensing import KINDS
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.newton import Newton
from semcom_estimation.sensing.nomp import Nomp
from semcom_estimation.sensing.plain import Plain
from semcom_estimation.sensing.sage import Sage
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.tahir2025 import Tahir2025
from sensing_scene import DELAY, MODEL, apart, clean, gains_of, model_of, noise, order_of

STATING = [Plain(), Nomp(), Sage(), Tahir2025(refine=True)]
ALL = [kind.read({"kind": name_of(kind)}) for kind in KINDS if kind not in (Plain, Nomp, Sage)]
SILENT = [one for one in ALL if isinstance(one, Estimator)]
LINE = model_of({**DELAY, "length": 64, "view_s": None})
BINS = 0.3


def pair(model: SignalModel, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Two equal targets 0.3 bins apart in every mode, and their gains."""
    first = apart(model, 1, rng)
    return np.vstack([first, first + BINS / np.array(model.shape)]), gains_of(2, rng, 1.0)


def errors(model: SignalModel, truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Of estimates in the order of targets, `[target, mode]`."""
    return np.asarray(found - truth - np.round(found - truth))


def likeliest(tensor: np.ndarray, truth: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """The frequencies of least squares on a line near the truth, by SciPy, `[target, 1]`."""
    start = np.concatenate([LINE.size * truth[:, 0], gains.real, gains.imag])

    def left(unknown: np.ndarray) -> np.ndarray:
        bins, real, imaginary = unknown.reshape(3, -1)
        rest = tensor - clean(LINE, bins[:, None] / LINE.size, real + 1j * imaginary)
        return np.concatenate([rest.real, rest.imag])

    accuracy = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    return np.asarray(least_squares(left, start, x_scale="jac", **accuracy).x[: len(gains), None] / LINE.size)


@pytest.mark.parametrize("estimator", STATING, ids=lambda estimator: estimator.kind)
def test_deviations_that_are_stated_are_those_of_the_errors(estimator: Estimator, rng: np.random.Generator) -> None:
    """Of three targets apart, over 40 trials, against what is stated and against the bound."""
    variance, stated, bound = 1e-3, 0.0, 0.0
    for _ in range(40):
        truth, gains = apart(MODEL, 3, rng), gains_of(3, rng)
        tensor = clean(MODEL, truth, gains) + noise(MODEL, variance, rng)
        found = estimator.estimate(tensor.astype(np.complex64), MODEL, targets=3)
        order = order_of(MODEL, truth, found.frequencies)
        squares = errors(MODEL, truth, found.frequencies[order]) ** 2
        stated += float(np.sum(squares / found.frequency_deviations[order] ** 2))
        variances = np.diagonal(cramer_rao(MODEL, truth, gains, variance), axis1=1, axis2=2)
        bound += float(np.sum(squares / variances))
    assert_chi_square(stated, 40 * 9)
    assert_chi_square(bound, 40 * 9)


@pytest.mark.parametrize("estimator", SILENT, ids=lambda estimator: estimator.kind)
def test_who_is_not_at_the_maximum_states_no_deviations(estimator: Estimator, rng: np.random.Generator) -> None:
    tensor = clean(MODEL, apart(MODEL, 3, rng), gains_of(3, rng)) + noise(MODEL, 1e-3, rng)
    found = estimator.estimate(tensor, MODEL, targets=3)
    assert np.isnan(found.frequency_deviations).all()


@pytest.mark.parametrize("snr_db", [30, 40, 60])
def test_a_near_pair_is_refined_to_the_maximum_of_the_likelihood(snr_db: int, rng: np.random.Generator) -> None:
    """As SciPy finds it from the truth, to a hundredth of a deviation: errors are those of maximum likelihood."""
    variance = 10.0 ** (-snr_db / 10.0)
    for given in (np.complex128, np.complex64):
        for _ in range(10):
            truth, gains = pair(LINE, rng)
            tensor = (clean(LINE, truth, gains) + noise(LINE, variance, rng)).astype(given)
            found = Nomp().estimate(tensor, LINE, targets=2)
            order = order_of(LINE, truth, found.frequencies)
            stated = found.frequency_deviations[order]
            best = likeliest(tensor, truth, gains)
            assert (np.abs(errors(LINE, best, found.frequencies[order])) < 0.01 * stated).all()


def test_deviations_of_a_near_pair_are_those_of_its_errors(rng: np.random.Generator) -> None:
    """Of one of the two, over 320 trials at 50 dB."""
    variance, stated, bound = 1e-5, 0.0, 0.0
    for _ in range(320):
        truth, gains = pair(LINE, rng)
        found = Nomp().estimate(clean(LINE, truth, gains) + noise(LINE, variance, rng), LINE, targets=2)
        order = order_of(LINE, truth, found.frequencies)
        square = float(errors(LINE, truth, found.frequencies[order])[0, 0] ** 2)
        stated += square / float(found.frequency_deviations[order][0, 0] ** 2)
        bound += square / float(cramer_rao(LINE, truth, gains, variance)[0, 0, 0])
    assert_chi_square(stated, 320)
    assert_chi_square(bound, 320)


def test_what_is_left_beside_a_near_pair_is_noise_before_the_next_target_is_sought(rng: np.random.Generator) -> None:
    """Else ghosts stand beside strong targets: less than a tenth of what a sample's noise has is left to be gained."""
    variance = 1e-4
    for _ in range(20):
        truth, gains = pair(LINE, rng)
        pursuit = Newton(clean(LINE, truth, gains) + noise(LINE, variance, rng), LINE, 2.0, 2, 1)
        pursuit.add()
        pursuit.add()
        left = pursuit.left
        pursuit.settled()
        assert left - pursuit.left < 0.1 * variance


def test_rounds_in_turn_go_on_until_little_of_the_way_is_left(rng: np.random.Generator) -> None:
    """A step far below a deviation may be one of a thousand such."""
    variance = 1e-3
    truth, gains = pair(MODEL, rng)
    tensor = clean(MODEL, truth, gains) + noise(MODEL, variance, rng)
    whole, best = Sage().estimate(tensor, MODEL, targets=2), Nomp().estimate(tensor, MODEL, targets=2)
    order = order_of(MODEL, whole.frequencies, best.frequencies)
    apart_by = errors(MODEL, whole.frequencies, best.frequencies[order])
    assert (np.abs(apart_by) < 0.1 * whole.frequency_deviations).all()


def test_who_is_cut_short_of_the_maximum_states_no_deviations(rng: np.random.Generator) -> None:
    truth, gains = pair(LINE, rng)
    tensor = clean(LINE, truth, gains) + noise(LINE, 1e-4, rng)
    assert np.isnan(Sage(iterations=20).estimate(tensor, LINE, targets=2).frequency_deviations).all()
