"""Fisher information of targets against closed forms, finite differences and the whole matrix of a small problem."""

import numpy as np
import pytest

from semcom_estimation.sensing.bounds import cramer_rao, single_tone
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, at_first, at_middle, correlated, steering, synthesised

MODEL = SignalModel.read(
    {
        "modes": [
            {"kind": "angle", "length": 5},
            {"kind": "delay", "length": 6, "spacing_hz": 60e3},
            {"kind": "doppler", "length": 4, "symbol_s": 1e-4},
        ]
    }
)


def tensor_of(frequencies: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """Gains at the first sample, built one entry after the other."""
    made = np.zeros(MODEL.shape, complex)
    for place in np.ndindex(MODEL.shape):
        made[place] = np.sum(gains * np.exp(2j * np.pi * frequencies @ np.array(place)))
    return made


def drawn(rng: np.random.Generator, targets: int) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies `[target, mode]` and gains."""
    gains = rng.standard_normal(targets) + 1j * rng.standard_normal(targets)
    return rng.uniform(-0.5, 0.5, (targets, 3)), gains


def test_one_target_has_the_bound_of_rife_and_boorstyn(rng: np.random.Generator) -> None:
    frequencies, gains = drawn(rng, 1)
    bound = cramer_rao(MODEL, frequencies, gains, 0.1)[0]
    np.testing.assert_allclose(np.diag(bound), single_tone(MODEL, float(np.abs(gains[0]) ** 2) / 0.1), rtol=1e-9)
    assert np.abs(bound - np.diag(np.diag(bound))).max() < 1e-12 * np.abs(bound).max()


def test_several_targets_have_the_bound_of_the_whole_fisher_matrix(rng: np.random.Generator) -> None:
    """With derivatives by finite differences, of gains too: 2 / s Re J* J, inverted."""
    frequencies, gains = drawn(rng, 3)
    unknowns = np.concatenate([frequencies.ravel(), gains.real, gains.imag])

    def mean(values: np.ndarray) -> np.ndarray:
        return tensor_of(values[:9].reshape(3, 3), values[9:12] + 1j * values[12:]).ravel()

    step = 1e-6
    jacobian = np.stack([(mean(unknowns + step * e) - mean(unknowns - step * e)) / 2.0 / step for e in np.eye(15)], 1)
    whole = np.linalg.inv(2.0 / 0.3 * np.real(jacobian.conj().T @ jacobian))
    bound = cramer_rao(MODEL, frequencies, gains, 0.3)
    for target in range(3):
        mine = slice(3 * target, 3 * target + 3)
        scale = np.abs(whole[mine, mine]).max()
        np.testing.assert_allclose(bound[target], whole[mine, mine], rtol=1e-4, atol=1e-4 * scale)


def test_derivatives_of_steering_vectors_are_those_of_finite_differences() -> None:
    frequencies, step = np.array([-0.3, 0.01, 0.44]), 1e-6
    slopes = (steering(7, frequencies + step).values - steering(7, frequencies - step).values) / 2.0 / step
    np.testing.assert_allclose(steering(7, frequencies).slopes, slopes, atol=1e-6)


def test_correlations_and_synthesis_are_those_of_whole_atoms(rng: np.random.Generator) -> None:
    frequencies, gains = drawn(rng, 4)
    responses = [ModeMap(length).respond(frequencies[:, axis]) for axis, length in enumerate(MODEL.shape)]
    middle = at_middle(gains, frequencies, MODEL.shape)
    np.testing.assert_allclose(synthesised(responses, middle), tensor_of(frequencies, gains), atol=1e-12)
    np.testing.assert_allclose(at_first(middle, frequencies, MODEL.shape), gains)
    heard = rng.standard_normal(MODEL.shape) + 1j * rng.standard_normal(MODEL.shape)
    atoms, slopes = correlated(heard, responses)
    for target in range(4):
        factors = [response.values[:, target] for response in responses]
        turned = [response.slopes[:, target] for response in responses]
        assert atoms[target] == pytest.approx(np.einsum("abc,a,b,c", heard, *map(np.conj, factors)))
        for mode in range(3):
            mixed = [turned[m] if m == mode else factors[m] for m in range(3)]
            assert slopes[mode, target] == pytest.approx(np.einsum("abc,a,b,c", heard, *map(np.conj, mixed)))


def test_a_bound_of_what_does_not_fit_is_refused_and_one_of_nothing_is_empty(rng: np.random.Generator) -> None:
    frequencies, gains = drawn(rng, 2)
    with pytest.raises(ValueError, match=r"frequencies has the shape \(2, 2\); the gains and the model have \(2, 3\)"):
        cramer_rao(MODEL, frequencies[:, :2], gains, 0.1)
    with pytest.raises(ValueError, match=r"the shape \(1, 3\)"):
        cramer_rao(MODEL, frequencies[:1], gains, 0.1)
    for variance in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="expected a positive number"):
            cramer_rao(MODEL, frequencies, gains, variance)
    assert cramer_rao(MODEL, np.zeros((0, 3)), np.zeros(0, complex), 0.1).shape == (0, 3, 3)
