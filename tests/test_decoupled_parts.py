"""What PLAIN as published is made of, against dense computations and textbook formulas."""

import itertools
import math

import numpy as np
import pytest

from semcom_estimation.sensing.cfar import RadarMap
from semcom_estimation.sensing.compression import Compressed, Decimate
from semcom_estimation.sensing.decoupled import Esprit, MatrixPencil, RootMusic
from semcom_estimation.sensing.decoupled.look import Look
from semcom_estimation.sensing.decoupled.spectra import group_sparse
from semcom_estimation.sensing.detection import needed
from semcom_estimation.sensing.fusion.cells import Cells
from semcom_estimation.sensing.fusion.hungarian import Hungarian
from semcom_estimation.sensing.order import Aic, Mdl, RdMdl
from semcom_estimation.sensing.order.exponential import _ratio
from semcom_estimation.sensing.steering import ModeMap, steering
from semcom_estimation.sensing.tahir2025 import Tahir2025
from sensing_scene import DELAY, DOPPLER, MODEL, apart, clean, gains_of, model_of, noise

VIEW = (-0.4, 0.4)


def cells_of(rng: np.random.Generator) -> tuple[Cells, np.ndarray, np.ndarray]:
    """Cells of close candidates in two snapshots of noise, all their atoms `[sample, cell]` and the samples."""
    maps = tuple(ModeMap(length) for length in (4, 6, 5))
    candidates = [np.array([-0.1, 0.05]), np.array([-0.2, -0.15, 0.1]), np.array([0.0, 0.12])]
    tensor = rng.standard_normal((4, 6, 5, 2)) + 1j * rng.standard_normal((4, 6, 5, 2))
    cells = Cells(Compressed(tensor, maps), candidates)
    atoms = np.einsum("ai,bj,ck->abcijk", *cells.atoms).reshape(120, -1)
    return cells, atoms, tensor.reshape(120, 2)


def test_cells_hear_what_least_squares_on_whole_atoms_leaves(rng: np.random.Generator) -> None:
    cells, atoms, samples = cells_of(rng)
    places = [(0, 1, 1), (1, 0, 1), (0, 2, 0)]
    np.testing.assert_allclose(cells.heard.reshape(-1, 2), atoms.conj().T @ samples)
    np.testing.assert_allclose(cells.core().reshape(-1, 2), np.linalg.pinv(atoms) @ samples, atol=1e-9)
    product = list(itertools.product((0, 1), (0, 1, 2), (0, 1)))
    for left_by, fitted in ((cells.without_atoms, places), (cells.without_product, product)):
        chosen = atoms[:, np.ravel_multi_index(tuple(zip(*fitted, strict=True)), cells.shape)]
        left = samples - chosen @ np.linalg.pinv(chosen) @ samples
        np.testing.assert_allclose(left_by(places).reshape(-1, 2), atoms.conj().T @ left, atol=1e-9)


def test_pursuit_chooses_the_cell_that_hears_most_and_none_twice(rng: np.random.Generator) -> None:
    cells, atoms, samples = cells_of(rng)
    powers = np.sum(np.abs(atoms.conj().T @ samples) ** 2, axis=1)
    chosen = cells.pursued(50, lambda places: cells.heard)
    assert len(set(chosen)) == len(chosen) == 12
    np.testing.assert_array_equal(np.ravel_multi_index(tuple(np.array(chosen).T), cells.shape), np.argsort(-powers))
    assert cells.brightest(cells.heard, 3) == chosen[:3]


def test_assignment_pairs_candidates_in_any_order(rng: np.random.Generator) -> None:
    truth, gains = apart(MODEL, 3, rng), gains_of(3, rng)
    small = Compressed(clean(MODEL, truth, gains)[..., None], tuple(ModeMap(length) for length in MODEL.shape))
    for orders in itertools.product(itertools.permutations(range(3)), repeat=2):
        candidates = [truth[:, 0], *(truth[list(order), axis] for axis, order in enumerate(orders, 1))]
        found = Hungarian().paired(small, candidates, 3)
        np.testing.assert_array_equal(found, truth)  # the strongest first


@pytest.mark.parametrize("decoupled", [RootMusic(), Esprit(), MatrixPencil()], ids=lambda one: one.kind)
def test_reading_backwards_changes_nothing_when_both_directions_count(
    decoupled: RootMusic | Esprit | MatrixPencil, rng: np.random.Generator
) -> None:
    """Two coherent tones in one snapshot are told apart; in noise, the mirrored conjugate gives the same estimates."""
    one, truth = ModeMap(15), np.array([-0.1, 0.13])
    data = steering(15, truth).values @ np.exp(1j * np.array([0.3, 2.0]))[:, None]
    np.testing.assert_allclose(decoupled.frequencies(decoupled.look(data, one, VIEW), 2), truth, atol=1e-9)
    noisy = data + 0.1 * (rng.standard_normal(data.shape) + 1j * rng.standard_normal(data.shape))
    found, other = (decoupled.frequencies(decoupled.look(y, one, VIEW), 2) for y in (noisy, noisy[::-1].conj()))
    np.testing.assert_allclose(found, other, atol=1e-9)


@pytest.mark.parametrize("length", [14, 15])
def test_a_real_subspace_gives_the_truth_for_even_and_odd_lengths(length: int, rng: np.random.Generator) -> None:
    truth = np.array([-0.3, -0.1, 0.13, 0.35])
    gains = rng.standard_normal((4, 9)) + 1j * rng.standard_normal((4, 9))
    decoupled = Esprit(variant="unitary")
    look = decoupled.look(steering(length, truth).values @ gains, ModeMap(length), VIEW)
    np.testing.assert_allclose(decoupled.frequencies(look, 4), truth, atol=1e-9)


def test_slopes_of_unit_responses_are_those_of_finite_differences(rng: np.random.Generator) -> None:
    """Of a map that keeps less of some tones than of others; but for the phase, which a gain takes up."""
    matrix = np.linalg.qr(rng.standard_normal((12, 5)) + 1j * rng.standard_normal((12, 5)))[0].conj().T
    look = Look(np.ones((5, 3), complex), ModeMap(12, matrix, None), VIEW, False, 1)
    frequencies, step = np.array([-0.2, 0.07, 0.31]), 1e-6
    ahead, behind = (look.unit(frequencies + offset).values for offset in (step, -step))
    np.testing.assert_allclose(look.unit(frequencies).slopes, (ahead - behind) / 2.0 / step, atol=1e-6)


def test_estimates_a_little_outside_the_view_count_at_its_end() -> None:
    look = Look(np.ones((10, 3), complex), ModeMap(10), (-0.2, 0.2), False, 1)
    np.testing.assert_allclose(look.inside(np.array([0.1, -0.2 - 0.04, 0.2 + 0.06])), [-0.2, 0.1])
    np.testing.assert_allclose(look.inside(np.array([0.3, -0.45])), [0.2])
    assert look.inside(np.array([0.1, 0.1 + 1e-12])).shape == (1,)


def test_sparse_coefficients_meet_their_optimality_conditions(rng: np.random.Generator) -> None:
    """A*(Y - A X) is lambda X / |X| in rows that are not zero, and not longer than lambda in the others."""
    atoms = steering(16, np.linspace(-0.4, 0.4, 40)).values / 4.0
    data = atoms[:, [8, 30]] @ (rng.standard_normal((2, 3)) + 1j * rng.standard_normal((2, 3)))
    limit = 0.1 * np.linalg.norm(atoms.conj().T @ data, axis=1).max()
    found = group_sparse(atoms, data, 0.1, 2000)
    left = atoms.conj().T @ (data - atoms @ found)
    sizes = np.linalg.norm(found, axis=1)
    active = sizes > 1e-3 * sizes.max()
    assert active[[8, 30]].any()
    assert 2 <= active.sum() < 12
    wanted = limit * found[active] / sizes[active, None]
    np.testing.assert_allclose(left[active], wanted, atol=1e-3 * limit)
    assert np.linalg.norm(left, axis=1).max() <= limit * 1.001


def likelihood(eigenvalues: np.ndarray, targets: int, snapshots: int) -> float:
    """The log likelihood of a number of targets, by its definition."""
    rest = eigenvalues[targets:]
    return snapshots * len(rest) * math.log(math.prod(rest ** (1.0 / len(rest))) / np.mean(rest))


def test_criteria_are_those_of_wax_and_kailath(rng: np.random.Generator) -> None:
    for _ in range(50):
        each = [np.sort(rng.lognormal(0.0, 1.0, size))[::-1] for size in (6, 4)]
        snapshots = [int(rng.integers(8, 40)) for _ in each]
        aic, mdl = [], []
        for values, count in zip(each, snapshots, strict=True):
            fits = np.array([-likelihood(values, targets, count) for targets in range(len(values))])
            free = np.array([1 + targets * (2 * len(values) - targets) for targets in range(len(values))])
            aic.append(fits + free)
            mdl.append(fits + 0.5 * math.log(count) * free)
        assert Aic().orders(each, snapshots) == tuple(int(np.argmin(values)) for values in aic)
        assert Mdl().orders(each, snapshots) == tuple(int(np.argmin(values)) for values in mdl)
        both = int(np.argmin(mdl[0][:4] + mdl[1]))
        assert RdMdl().orders(each, snapshots) == (both, both)


@pytest.mark.parametrize(("size", "snapshots"), [(4, 20), (8, 100), (12, 400)])
def test_the_exponential_profile_has_the_moments_of_noise(size: int, snapshots: int) -> None:
    """Sum of squares over the square of the sum, 1 / P + 1 / T, to the order of the series behind the ratio."""
    profile = _ratio(size, snapshots) ** np.arange(size)
    assert np.sum(profile**2) / np.sum(profile) ** 2 == pytest.approx(1.0 / size + 1.0 / snapshots, rel=0.01)


def test_refinement_behind_snapshots_uses_all_samples(rng: np.random.Generator) -> None:
    """It ends where that of the whole tensor does: far below a deviation."""
    truth, gains = apart(MODEL, 2, rng), gains_of(2, rng)
    tensor = clean(MODEL, truth, gains) + noise(MODEL, 0.1, rng)
    whole, shifted = (
        Tahir2025.read({"kind": "tahir2025", "compression": compression, "refine": True})
        for compression in ("none", {"kind": "polyphase", "factors": [1, 1, 1]})
    )
    smoothed = Tahir2025.read(
        {"kind": "tahir2025", "compression": {"kind": "smooth", "factors": [1, 2, 2]}, "refine": True}
    )
    found = whole.estimate(tensor, MODEL, targets=2)
    for other in (shifted, smoothed):
        apart_by = other.estimate(tensor, MODEL, targets=2).frequencies - found.frequencies
        assert (np.abs(apart_by) < 0.01 * found.frequency_deviations).all()


def test_decimated_tones_are_unfolded_around_the_view() -> None:
    """Of four frequencies that a factor of four makes equal, the one in the view."""
    model = model_of({**DELAY, "length": 48, "view_s": [2.5e-6, 6e-6]})
    truth = np.array([[-0.30], [-0.20]])
    estimator = Tahir2025(compression=Decimate(factors=(4,)))
    found = estimator.estimate(clean(model, truth, np.array([1.0, 0.9j])), model, targets=2)
    np.testing.assert_allclose(np.sort(found.frequencies, axis=0), truth, atol=1e-9)


def test_a_maximum_is_a_target_above_the_factor_of_its_cells(rng: np.random.Generator) -> None:
    """T (P^(-1/T) - 1) times the mean of T cells; a Hann window correlates 1.5 bins of each mode."""
    model = model_of({**DELAY, "length": 64, "view_s": None}, {**DOPPLER, "length": 64})
    radar = RadarMap(noise(model, 3.0, rng), model, "hann", 2.0, 1.0)
    mean, cells = radar.surroundings(2.0)
    assert cells == pytest.approx((9 * 9 - 5 * 5) / 1.5**2, rel=0.05)
    factor = cells * (math.exp(-needed(model, 0.3)) ** (-1.0 / cells) - 1.0)
    places = np.argwhere(radar.power > 0.0)
    radar.power[5, 7], radar.power[40, 41] = 1.01 * factor * mean[5, 7], 0.99 * factor * mean[40, 41]
    found = {tuple(place) for place in radar.detected(places, 2.0, 0.3, None)}
    assert (5, 7) in found
    assert (40, 41) not in found


def test_sub_arrays_of_an_unfolding_are_as_many_snapshots_again(rng: np.random.Generator) -> None:
    data = rng.standard_normal((10, 3)) + 1j * rng.standard_normal((10, 3))
    look = Look(data, ModeMap(10), VIEW, False, 4)
    whole = np.hstack([data[at : at + 7] for at in range(4)])
    assert look.snapshots == whole.shape[1] == 12
    np.testing.assert_allclose(look.covariance, whole @ whole.conj().T / 12)
