"""Distributions as whole masses, and their entropies."""

import math
import warnings

import numpy as np
import pytest

from marginals import drawn
from semcom.coupling import TOTAL, entropy_bits, lower_bounds, rescaled, to_masses
from semcom.coupling.elementary import log2
from semcom.coupling.entropy import least_entropy_of
from semcom.coupling.order import descending
from semcom.errors import UserError


def test_masses_sum_to_the_total_and_are_within_a_unit_of_the_probabilities(rng: np.random.Generator) -> None:
    for letters in (1, 2, 3, 7, 100, 5000):
        probabilities = rng.dirichlet(np.ones(letters))
        masses = to_masses(probabilities)
        assert int(masses.sum()) == TOTAL
        assert np.abs(masses - probabilities / probabilities.sum() * TOTAL).max() < 1.5


def test_rounding_gives_what_is_short_to_the_largest_remainders_and_the_first_of_equal_ones() -> None:
    # 2^50 = 1 mod 3: one unit is left over for three equal letters
    assert (to_masses([1 / 3, 1 / 3, 1 / 3]) - TOTAL // 3).tolist() == [1, 0, 0]
    fifth = TOTAL // 10  # 2^50 = 4 mod 10: tenths end in .4, .8 and .2
    assert (to_masses([0.1, 0.2, 0.7]) - [fifth, 2 * fifth, 7 * fifth]).tolist() == [0, 1, 3]


def test_a_possible_letter_stays_possible() -> None:
    masses = to_masses([1.0 - 1e-30, 1e-30, 0.0])
    assert masses.tolist() == [TOTAL - 1, 1, 0]


def test_masses_pass_as_they_are(rng: np.random.Generator) -> None:
    masses = to_masses(rng.dirichlet(np.ones(9)))
    assert to_masses(masses) is masses
    assert np.array_equal(rescaled(masses), masses)
    assert to_masses([0, 1]).tolist() == [0, TOTAL]  # whole numbers that are probabilities


def test_rescaled_masses_are_in_proportion(rng: np.random.Generator) -> None:
    weights = rng.integers(0, 1 << 40, 50)
    masses = rescaled(weights)
    assert int(masses.sum()) == TOTAL
    assert np.abs(masses - weights * (TOTAL / weights.sum())).max() < 1.5
    assert np.array_equal(masses > 0, weights > 0)


def test_the_logarithm_is_within_three_units_in_the_last_place(rng: np.random.Generator) -> None:
    values = np.concatenate((rng.random(20000), 2.0 ** rng.uniform(-60, 60, 20000), 1.0 - rng.random(1000) * 1e-9))
    exact = np.log2(values.astype(np.longdouble))
    units = np.maximum(np.spacing(np.abs(exact.astype(np.float64))), 1e-300)
    assert np.abs((log2(values) - exact) / units).max() <= 3.0
    assert np.array_equal(log2(2.0 ** np.arange(-50.0, 51.0)), np.arange(-50.0, 51.0))


def test_entropy_is_that_of_closed_forms() -> None:
    assert entropy_bits(to_masses(np.full(8, 1 / 8))) == 3.0
    assert entropy_bits(to_masses([1.0, 0.0])) == 0.0
    assert math.isclose(entropy_bits(to_masses([0.11, 0.89])), 0.4999157, abs_tol=1e-6)
    assert math.copysign(1.0, entropy_bits(to_masses([1.0]))) == 1.0
    assert entropy_bits([0.5, 0.25, 0.25]) == 1.5
    assert lower_bounds([0.5, 0.5], [0.25] * 4).majorisation == 2.0


def test_min_entropy_is_that_of_the_likeliest_letter_and_below_the_entropy(rng: np.random.Generator) -> None:
    assert least_entropy_of(to_masses([0.25, 0.5, 0.25])) == 1.0
    masses = to_masses(rng.dirichlet(np.ones(9)))
    assert 0.0 < least_entropy_of(masses) < entropy_bits(masses)


def test_descending_order_is_stable(rng: np.random.Generator) -> None:
    for p, _ in drawn(rng, 50, 40):
        expected = sorted(np.flatnonzero(p).tolist(), key=lambda letter: (-p[letter], letter))
        assert descending(p).tolist() == expected
    few_ties = np.arange(1, 1001, dtype=np.int64)
    few_ties[[3, 700, 999]] = 500
    assert descending(few_ties).tolist() == sorted(range(1000), key=lambda letter: (-few_ties[letter], letter))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], r"p_x has shape \(0,\); expected one axis with a probability for each letter. Give one"),
        ([[0.5, 0.5]], r"p_x has shape \(1, 2\); expected one axis"),
        ([0.5, 0.4], r"p_x sums to 0.9; expected 1 within 1e-06, or whole masses that sum to 2\^50. Divide it by its"),
        ([1, 2], r"p_x sums to 3; expected 1"),
        ([0.5, -0.1, 0.6], r"p_x\[1\] is -0.1; expected a probability of at least 0. Look where it was computed"),
        ([0.5, 0.5, math.nan], r"p_x\[2\] is nan; expected a probability of at least 0"),
        ([math.inf, 0.5], r"p_x sums to inf; expected 1"),
        (["a"], r"p_x has entries of type <U1; expected real numbers. Give probabilities"),
        (np.zeros((1 << 24) + 1, np.int8), r"p_x has 16777217 letters; expected at most 2\^24. Factor it into blocks"),
    ],
)
def test_what_is_no_distribution_is_told(given: object, said: str) -> None:
    with warnings.catch_warnings(), pytest.raises(UserError, match=said):
        to_masses(given, "p_x")  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [[0.0, 0.0], [-1.0, 2.0], [math.nan], [math.inf], [[1.0]], []])
def test_weights_that_cannot_be_rescaled_are_told(given: list[float]) -> None:
    with pytest.raises(UserError, match=r"weights of shape .* sum to .*; expected one axis of weights of at least 0"):
        rescaled(given)


def test_weights_of_any_size_become_masses() -> None:
    for scale in (1e-300, 1.0, 5e307):
        assert rescaled(np.array([1.0, 3.0]) * scale).tolist() == [TOTAL // 4, 3 * TOTAL // 4]
    assert rescaled([5e-324]).tolist() == [TOTAL]
    assert rescaled([1e308, 1e308]).tolist() == [TOTAL // 2, TOTAL // 2]
    assert rescaled([1e308, 5e-324, 0.0]).tolist() == [TOTAL - 1, 1, 0]


def test_probabilities_of_less_precision_are_summed_in_full() -> None:
    with pytest.raises(UserError, match=r"sums to 1\.0004"):
        to_masses(np.full(1000, 0.001, np.float16))
    single = to_masses(np.full(3, 1 / 3, np.float32))
    assert np.ptp(single) <= 1


def test_whole_numbers_that_overflow_to_the_total_are_no_masses() -> None:
    for wrong in (np.array([2**62] * 3 + [2**62 + 2**50]), np.array([2**63, 2**63 + 2**50], np.uint64)):
        with pytest.raises(UserError, match=r"expected 1 within 1e-06, or whole masses that sum to 2\^50"):
            to_masses(wrong)
