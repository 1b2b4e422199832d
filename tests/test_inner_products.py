"""What numba compiles of a fit is what NumPy computes, and is there only where numba is."""

import importlib.util
from collections.abc import Iterator

import numpy as np
import pytest

from semcom_estimation.sensing import fast, steering
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
    products, heard, turned = compiled_products(tensor, responses)
    plain = grams(responses)
    size, turn = float(np.prod(shape)), np.pi * max(shape)
    assert_near(products.atoms, plain.atoms, size)
    assert_near(products.crossed, plain.crossed, size * turn)
    assert_near(products.slopes, plain.slopes, size * turn**2)
    expected = correlated(tensor, responses)
    total = float(np.sum(np.abs(tensor)))
    assert_near(heard, expected[0], total)
    assert_near(turned, expected[1], total * turn)


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
