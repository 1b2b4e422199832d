"""How graphs are called, and the random numbers that go into them."""

from typing import NamedTuple

import numpy as np
import pytest

from near import assert_law, assert_rate
from semcom_channels.backend import direct, graph, tf
from semcom_channels.normals import complex_normals, noise_at, random_words


class Pair(NamedTuple):
    one: object
    other: object


class Swapped(NamedTuple):
    other: object
    one: object


@graph
def difference(pair: Pair | Swapped, factor: float) -> tuple[object, object]:
    return factor * (pair.one - pair.other), pair.one  # type: ignore[operator]


def test_a_graph_called_directly_returns_what_it_returns_otherwise(rng: np.random.Generator) -> None:
    """For every shape, constant and structure of its arguments, in any order."""
    cases = []
    for count in (3, 5, 3):
        one, other = (tf.constant(rng.standard_normal(count)) for _ in range(2))
        cases += [(kind(one, other), factor) for kind in (Pair, Swapped) for factor in (2.0, 3.0)]
    for case in cases:
        for found, expected in zip(direct(difference)(*case), difference(*case), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_a_graph_called_directly_sees_variables_change() -> None:
    variable = tf.Variable(1.0)

    @graph
    def scaled(value: object) -> object:
        return variable * value

    for number in (1.0, 5.0):
        variable.assign(number)
        (found,) = direct(scaled)(tf.constant(2.0))
        assert float(found) == 2.0 * number


def test_parts_of_noise_are_gaussian_to_five_deviations(rng: np.random.Generator) -> None:
    from scipy import stats

    noise, noise_power = noise_at(tf.constant(10.0), (4000, 1000), rng)
    assert float(noise_power) == pytest.approx(0.1, rel=1e-6)
    parts = np.asarray(noise).view(np.float32).ravel() * np.sqrt(2.0)
    assert_law(parts[:100_000], "norm")
    for deviations in (2.0, 4.0, 5.0):
        assert_rate(int((np.abs(parts) > deviations).sum()), parts.size, float(2.0 * stats.norm.sf(deviations)))


def test_no_random_word_makes_an_infinite_number() -> None:
    from semcom_channels.normals import _normals

    extremes = np.array([-(2**31), -1, 0, 1, 2**31 - 1], np.int32)
    words = np.stack(np.meshgrid(extremes, extremes), axis=-1)
    numbers = np.asarray(_normals(tf.constant(words)))
    assert np.isfinite(numbers).all()
    assert np.abs(numbers).max() == pytest.approx(np.sqrt(32.0 * np.log(2.0)), rel=1e-6)


def test_the_first_numbers_do_not_depend_on_how_many_are_drawn() -> None:
    long = complex_normals((1000,), np.random.default_rng(3)).numpy()
    for count in (1, 7, 64, 100, 999):
        np.testing.assert_array_equal(complex_normals((count,), np.random.default_rng(3)), long[:count])


def test_random_words_use_all_their_bits(rng: np.random.Generator) -> None:
    words = np.asarray(random_words((50_000,), rng)).view(np.uint32)
    for bit in range(32):
        assert_rate(int((words >> bit & 1).sum()), words.size, 0.5)
