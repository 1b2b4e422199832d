"""What estimators are made of, against direct sums on tiny problems."""

import itertools

import numpy as np
import pytest
from scipy import stats
from scipy.signal import get_window

from near import assert_mean, assert_rate
from semcom_estimation.sensing.alternating import factors_of
from semcom_estimation.sensing.cfar import RadarMap
from semcom_estimation.sensing.contraction import contracted, outer
from semcom_estimation.sensing.grid_pursuit import GridPursuit
from semcom_estimation.sensing.least_squares import best_fit, responses_of
from semcom_estimation.sensing.newton import Newton, Taylor
from semcom_estimation.sensing.one_tone import one_tone
from semcom_estimation.sensing.periodogram import Periodogram, squared
from semcom_estimation.sensing.sequential import LOBES
from semcom_estimation.sensing.shift_invariance import basis_of, core_of
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import steering
from sensing_scene import ANGLE, DELAY, DOPPLER, MODEL, apart, clean, gains_of, model_of, noise

TINY = model_of(
    {**ANGLE, "length": 4, "view_deg": [30, 150]},
    {**DELAY, "length": 6},
    {**DOPPLER, "length": 5, "view_hz": [-4000, 4000]},
)
WHOLE = model_of({**ANGLE, "length": 4}, {**DELAY, "length": 6, "view_s": None}, {**DOPPLER, "length": 5})


def atoms_of(frequencies: np.ndarray) -> np.ndarray:
    """Whole atoms of the tiny model, `[sample, target]`."""
    factors = [response.values for response in responses_of(TINY, frequencies)]
    return np.asarray(np.einsum("ak,bk,ck->abck", *factors).reshape(TINY.size, -1))


@pytest.mark.parametrize("padding", [1.0, 2.0, 2.5])
@pytest.mark.parametrize("model", [TINY, WHOLE], ids=["part", "whole"])
def test_a_spectrum_is_the_correlation_with_every_atom_of_the_view(
    model: SignalModel, padding: float, rng: np.random.Generator
) -> None:
    search, tensor = Periodogram(model, padding), noise(model, 1.0, rng)
    spectrum = search.spectrum(tensor)
    for axis, (points, (low, high)) in enumerate(zip(search.frequencies, model.views, strict=True)):
        assert spectrum.shape[axis] == len(points)
        assert search.whole[axis] or (points[0] <= low and points[-1] >= high)
        assert points[-1] - points[0] < 1.0
    places = list(itertools.product(*search.frequencies))
    np.testing.assert_allclose(spectrum.ravel(), atoms_of(np.array(places)).conj().T @ tensor.ravel(), atol=1e-11)


def test_spectra_of_targets_are_those_of_their_tensor(rng: np.random.Generator) -> None:
    windows = [np.hanning(length + 2)[1:-1] for length in TINY.shape]
    search, truth, gains = Periodogram(TINY, 2.0, windows), apart(TINY, 2, rng), gains_of(2, rng)
    responses = responses_of(TINY, truth)
    tensor = outer([response.values for response in responses], gains)
    np.testing.assert_allclose(search.spectrum(tensor), outer(search.spectra(responses), gains), atol=1e-11)


def test_contractions_are_those_of_direct_sums(rng: np.random.Generator) -> None:
    tensor = noise(TINY, 1.0, rng)
    rows = [rng.standard_normal((count, length)) + 0j for count, length in zip((2, 3, 1), TINY.shape, strict=True)]
    np.testing.assert_allclose(contracted(tensor, rows), np.einsum("abc,xa,yb,zc->xyz", tensor, *rows))
    np.testing.assert_allclose(
        contracted(tensor, [rows[0], None, rows[2]]), np.einsum("abc,xa,zc->xbz", tensor, rows[0], rows[2])
    )


def test_newton_steps_are_of_the_derivatives_of_what_others_leave(rng: np.random.Generator) -> None:
    """Slopes and curves of a* r by finite differences of whole atoms, and the ascent against those of |a* r|^2."""
    tensor = noise(TINY, 1.0, rng)
    newton = Newton(tensor, TINY, 2.0, 0, 0)
    newton.frequencies, newton.gains = apart(TINY, 3, rng), gains_of(3, rng)
    newton.heard = atoms_of(newton.frequencies).conj().T @ tensor.ravel()
    left = tensor.ravel() - atoms_of(newton.frequencies[[0, 2]]) @ newton.gains[[0, 2]]
    middle, step = newton.frequencies[1], 1e-4

    def correlation(offset: np.ndarray) -> complex:
        return complex(atoms_of((middle + offset)[None])[:, 0].conj() @ left)

    found, unit = Taylor.of(newton.moments(1)[1]), step * np.eye(3)
    assert found.value == pytest.approx(correlation(np.zeros(3)))
    scale = float(np.abs(found.curves).max())
    for one in range(3):
        slope = (correlation(unit[one]) - correlation(-unit[one])) / 2.0 / step
        assert abs(found.slopes[one] - slope) < 1e-4 * scale
        for other in range(3):
            corners = [a * b * correlation(a * unit[one] + b * unit[other]) for a in (1, -1) for b in (1, -1)]
            assert abs(found.curves[one, other] - sum(corners) / 4.0 / step**2) < 1e-4 * scale


def test_a_newton_step_at_a_peak_ends_on_it(rng: np.random.Generator) -> None:
    truth, gains = apart(TINY, 1, rng), gains_of(1, rng)
    newton = Newton(clean(TINY, truth, gains), TINY, 2.0, 0, 0)
    off = 0.02 / np.array(TINY.shape)
    newton.frequencies, newton.gains, newton.heard = truth + off, np.ones(1) + 0j, np.ones(1) + 0j
    newton.refine(0)
    assert (np.abs(newton.frequencies - truth) < 1e-2 * off).all()


def test_gains_are_those_of_least_squares_on_whole_atoms(rng: np.random.Generator) -> None:
    tensor, frequencies = noise(TINY, 1.0, rng), apart(TINY, 3, rng)
    whole, *_ = np.linalg.lstsq(atoms_of(frequencies), tensor.ravel(), rcond=None)
    fit = best_fit(tensor, TINY, frequencies)
    np.testing.assert_allclose(fit.gains, whole)
    left = tensor.ravel() - atoms_of(frequencies) @ whole
    assert fit.explained == pytest.approx(np.linalg.norm(tensor) ** 2 - np.linalg.norm(left) ** 2)


def test_coincident_targets_share_their_gain(rng: np.random.Generator) -> None:
    truth, gains = apart(TINY, 1, rng), gains_of(1, rng)
    fit = best_fit(clean(TINY, truth, gains), TINY, np.vstack([truth, truth]))
    assert fit.gains[0] == pytest.approx(fit.gains[1])
    assert abs(fit.gains.sum()) == pytest.approx(1.0)


def test_pursuit_on_a_grid_is_that_of_a_dense_dictionary(rng: np.random.Generator) -> None:
    tensor = noise(TINY, 1.0, rng)
    pursuit = GridPursuit(tensor, TINY, 1.0)
    places = np.array(list(itertools.product(*pursuit.grid.frequencies)))
    dictionary = atoms_of(places) / np.sqrt(TINY.size)
    chosen: list[int] = []
    left = tensor.ravel()
    for _ in range(4):
        chosen.append(int(np.argmax(np.abs(dictionary.conj().T @ left))))
        gains, *_ = np.linalg.lstsq(dictionary[:, chosen], tensor.ravel(), rcond=None)
        left = tensor.ravel() - dictionary[:, chosen] @ gains
    np.testing.assert_array_equal(pursuit.of(4), places[chosen])
    assert pursuit.energy - pursuit.explained == pytest.approx(np.linalg.norm(left) ** 2)


@pytest.mark.parametrize("length", [2, 3, 17, 128])
def test_one_tone_is_the_highest_point_of_a_fine_periodogram(length: int, rng: np.random.Generator) -> None:
    view = (-0.4, 0.3)
    fine = np.linspace(*view, 40 * length + 1)
    for _ in range(20):
        tone = steering(length, rng.uniform(-0.3, 0.2, 1)).values[:, 0]
        vector = tone + 0.3 * (rng.standard_normal(length) + 1j * rng.standard_normal(length))
        power = np.abs(steering(length, fine).values.conj().T @ vector) ** 2
        found = one_tone(vector, view)
        highest = np.abs(steering(length, np.array([found])).values[:, 0].conj() @ vector) ** 2
        assert highest >= power.max() * (1.0 - 1e-9)


@pytest.mark.parametrize("unitary", [True, False])
def test_smoothing_without_the_smoothed_tensor_is_that_with_it(unitary: bool, rng: np.random.Generator) -> None:
    """Subspaces of each mode and the core, against the smoothed tensor built entry by entry."""
    shifts, kept = (2, 3, 2), (3, 4, 4)
    tensor = clean(TINY, apart(TINY, 2, rng), gains_of(2, rng)) + noise(TINY, 0.1, rng)
    given = [tensor, np.flip(tensor).conj()] if unitary else [tensor]
    smoothed = np.stack(
        [one[tuple(map(slice, at, np.add(at, kept)))] for one in given for at in np.ndindex(*shifts)], axis=3
    )
    bases = [basis_of(tensor, axis, shifts, 2, unitary) for axis in range(3)]
    for axis, basis in enumerate(bases):
        rows = np.moveaxis(smoothed, axis, 0).reshape(kept[axis], -1)
        leading = np.linalg.svd(rows, full_matrices=False)[0][:, :2]
        np.testing.assert_allclose(basis @ basis.conj().T, leading @ leading.conj().T, atol=1e-9)
    core = np.hstack([core_of(one, bases, shifts) for one in given])
    wanted = np.einsum("abcs,ax,by,cz->xyzs", smoothed, *[basis.conj() for basis in bases])
    np.testing.assert_allclose(core, wanted.reshape(core.shape), atol=1e-9)


def test_factors_build_the_tensor_that_they_come_from(rng: np.random.Generator) -> None:
    truth, gains = apart(MODEL, 3, rng), gains_of(3, rng)
    tensor = clean(MODEL, truth, gains)
    factors = factors_of(tensor, 3, 1, 500, 1e-12)
    built = outer(factors, np.ones(3) + 0j)
    np.testing.assert_allclose(built * np.linalg.norm(tensor), tensor, atol=1e-6)


def test_cfar_holds_its_false_alarm_where_power_is_exponential(rng: np.random.Generator) -> None:
    """Single points of noise without padding and window, whose cells are independent: exceeded as often as asked."""
    model = model_of({**DELAY, "length": 64, "view_s": None}, {**DOPPLER, "length": 64})
    alarms = trials = 0
    for _ in range(10):
        radar = RadarMap(noise(model, 3.0, rng), model, "rectangular", 1.0, 1.0)
        mean, cells = radar.surroundings(2.0)
        assert cells == pytest.approx(7 * 7 - 3 * 3)
        chance = 0.05
        level = cells * (chance ** (-1.0 / cells) - 1.0) * mean
        alarms, trials = alarms + int(np.sum((radar.power > level)[::9, ::9])), trials + 64
    assert_rate(alarms, trials, chance)


@pytest.mark.parametrize(("name", "lobe"), [("rectangular", 1.0), ("hann", 2.0), ("hamming", 2.0), ("blackman", 3.0)])
def test_windows_are_those_of_scipy_without_their_ends(name: str, lobe: float) -> None:
    """And the main lobe, out to the first null, is as wide as the map is told."""
    radar = RadarMap(
        np.ones((15, 64), complex), model_of({**DELAY, "length": 15}, {**DOPPLER, "length": 64}), name, lobe, 1.0
    )
    for window, length in zip(radar.windows, (15, 64), strict=True):
        whole = get_window({"rectangular": "boxcar"}.get(name, name), length + 2, fftbins=False)
        np.testing.assert_allclose(window, whole[1:-1], atol=1e-15)
    assert LOBES[name] == lobe
    response = np.abs(np.fft.fft(radar.windows[1], 64 * 66))
    assert np.argmax(np.diff(response) > 0.0) / 64 == pytest.approx(lobe, abs=0.05)


@pytest.mark.parametrize("kind", ["angle", "azimuth", "elevation", "departure"])
def test_cells_around_a_target_are_of_its_own_beam(kind: str, rng: np.random.Generator) -> None:
    model = model_of({**ANGLE, "kind": kind, "length": 8}, {**DELAY, "length": 64, "view_s": None})
    radar = RadarMap(noise(model, 1.0, rng), model, "rectangular", 1.0, 1.0)
    mean, cells = radar.surroundings(4.0)
    assert cells == pytest.approx(11 - 3)
    assert mean[3, 31] == pytest.approx(radar.power[3, [26, 27, 28, 29, 33, 34, 35, 36]].mean())


def test_a_map_tells_the_noise_variance_by_its_median(rng: np.random.Generator) -> None:
    found = [RadarMap(noise(MODEL, 2.0, rng), MODEL, "hann", 2.0, 1.0).noise_variance() for _ in range(60)]
    spread = np.std(found) / np.sqrt(len(found)) / 2.0
    assert abs(np.mean(found) / 2.0 - 1.0) < stats.norm.isf(5e-10) * spread + 0.01


def test_the_power_of_a_spectrum_is_that_of_its_noise(rng: np.random.Generator) -> None:
    search = Periodogram(TINY, 1.0)
    assert_mean([squared(search.spectrum(noise(TINY, 2.0, rng))).mean() / TINY.size for _ in range(100)], 2.0)
