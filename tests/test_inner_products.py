"""What numba compiles of a fit and of its search is what NumPy computes, and is there only where numba is."""

import importlib.util
from collections.abc import Iterator

import numpy as np
import pytest

from semcom_estimation.sensing import fast, gauss_newton, search, steering
from semcom_estimation.sensing.compression.slepian import slepian_map
from semcom_estimation.sensing.fisher import grams
from semcom_estimation.sensing.inner_products import compiled_products
from semcom_estimation.sensing.steering import correlated

with_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="needs the extra fast")
SHAPES = ((9,), (4, 7), (7, 5, 4), (4, 3, 5, 6), (3, 3, 4, 2, 5))


@pytest.fixture
def anew() -> Iterator[None]:
    """What is installed is looked up again, before and after."""
    fast.is_fast.cache_clear()
    yield
    fast.is_fast.cache_clear()


def assert_near(found: np.ndarray, expected: np.ndarray, scale: float) -> None:
    """To a hundred roundings of a sum with terms that large in all."""
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=100.0 * np.finfo(float).eps * scale)


@with_numba
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("targets", [1, 4])
def test_compiled_products_are_the_plain_ones(shape: tuple[int, ...], targets: int, rng: np.random.Generator) -> None:
    responses = tuple(steering.steering(length, rng.uniform(-0.5, 0.5, targets)) for length in shape)
    tensor = rng.standard_normal((2, *shape))[0] + 1j * rng.standard_normal(shape)
    products, heard, turned, gains = compiled_products(tensor, responses)
    plain = grams(responses)
    size, turn = float(np.prod(shape)), np.pi * max(shape)
    assert_near(products.atoms, plain.atoms, size)
    assert_near(products.crossed, plain.crossed, size * turn)
    assert_near(products.slopes, plain.slopes, size * turn**2)
    expected = correlated(tensor, responses)
    total = float(np.sum(np.abs(tensor)))
    assert_near(heard, expected[0], total)
    assert_near(turned, expected[1], total * turn)
    assert_near(plain.atoms @ gains, expected[0], total)


@with_numba
def test_compiled_responses_are_the_plain_ones(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    one = slepian_map(64, (-0.1, 0.05), 1.01)
    places = rng.uniform(-0.1, 0.05, 5)
    found = one.respond(places)
    monkeypatch.setattr(steering, "is_fast", lambda: False)
    plain = one.respond(places)
    assert found.values.flags["C_CONTIGUOUS"]  # compiled, then, and the others not
    assert not plain.values.flags["C_CONTIGUOUS"]
    assert_near(found.values, plain.values, 8.0)
    assert_near(found.slopes, plain.slopes, 8.0 * np.pi * 64)


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("installed", [True, False])
def test_sums_are_compiled_where_numba_is_installed(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "find_spec", lambda name: name if installed else None)
    assert fast.is_fast() is installed


@with_numba
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_compiled_steps_are_the_plain_ones(
    shape: tuple[int, ...], rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = tuple(steering.ModeMap(length) for length in shape)
    tensor = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    fit = gauss_newton.fitted(tensor, maps, (np.arange(2.0)[:, None] + rng.uniform(0.2, 0.4, (2, len(shape)))) / 2.0)
    slope, curve = gauss_newton._uphill(fit)
    size = float(np.max(np.abs(fit.gains))) * float(np.sum(np.abs(tensor))) * np.pi * max(shape)
    assert_near(slope, fit.slope, size)
    assert_near(curve, fit.information, size * np.pi * max(shape))
    step = gauss_newton._solved(curve, slope, 1.0)
    monkeypatch.setattr(gauss_newton, "is_fast", lambda: False)
    assert_near(step, gauss_newton._solved(curve, slope, 1.0), 1e3 * float(np.max(np.abs(step))))


@with_numba
def test_compiled_powers_are_the_plain_ones(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = rng.standard_normal((2, 2, 4, 5, 3)).astype(np.float32)
    one, other = parts[0] + 1j * parts[1]
    power = search._apart(one, other)
    monkeypatch.setattr(search, "is_fast", lambda: False)
    np.testing.assert_allclose(power, search._apart(one, other), rtol=1e-6)


@with_numba
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_compiled_tops_are_the_plain_ones(
    shape: tuple[int, ...], rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = tuple(length + 1 for length in shape)
    power = rng.exponential(size=int(np.prod(shape))).astype(np.float32)
    places = np.flatnonzero(power > 0.3)
    found, heights, offsets = search._parabolas(power, np.array(shape), places)
    monkeypatch.setattr(search, "is_fast", lambda: False)
    expected = search._parabolas(power, np.array(shape), places)
    np.testing.assert_allclose(offsets, expected[2], rtol=1e-9)
    assert_near(found, expected[0], 1e4 * max(shape))
    np.testing.assert_allclose(heights, expected[1], rtol=1e-9, atol=1e-9)
