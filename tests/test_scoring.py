"""Assignment and GOSPA against every permutation, and as a metric."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semcom_estimation.sensing.scoring import distances_bins, gospa, matched
from sensing_scene import MODEL

POINT = st.tuples(*[st.floats(0.0, 0.2) for _ in range(3)])
SETS = st.lists(POINT, max_size=4).map(lambda points: np.array(points).reshape(len(points), 3))


def sets(rng: np.random.Generator, *sizes: int) -> list[np.ndarray]:
    """Points within a few bins, wrapping around."""
    return [rng.uniform(-0.5, 0.5, 3) + rng.uniform(0.0, 2.0, (size, 3)) / np.array(MODEL.shape) for size in sizes]


def ways(targets: int, estimates: int) -> list[list[tuple[int, int]]]:
    """Every assignment of as many pairs as there can be."""
    if targets <= estimates:
        return [list(enumerate(chosen)) for chosen in permutations(range(estimates), targets)]
    return [
        [(target, place) for place, target in enumerate(chosen)] for chosen in permutations(range(targets), estimates)
    ]


def test_distances_are_those_of_the_worst_mode_modulo_a_cycle() -> None:
    truth, found = np.array([[0.49, -0.1, 0.2]]), np.array([[-0.49, -0.1, 0.2], [0.49, -0.2, 0.1]])
    np.testing.assert_allclose(distances_bins(MODEL, truth, found), [[0.02 * 6, 2.4]])
    assert distances_bins(MODEL, truth, np.zeros((0, 3))).shape == (1, 0)


@pytest.mark.parametrize("sizes", [(3, 3), (2, 4), (4, 2), (1, 1), (0, 2), (2, 0), (0, 0)])
def test_the_match_costs_least_of_all_permutations(sizes: tuple[int, int], rng: np.random.Generator) -> None:
    for _ in range(20):
        truth = sets(rng, sizes[0])[0]
        found = truth[: sizes[1]] if sizes[1] <= sizes[0] else np.vstack([truth, *sets(rng, sizes[1] - sizes[0])])
        found = found + rng.uniform(-0.5, 0.5, found.shape) / np.array(MODEL.shape)
        cost = np.minimum(distances_bins(MODEL, truth, found), 0.5)
        least = min(sum(cost[pair] for pair in way) for way in ways(*sizes))
        match = matched(MODEL, truth, found, 0.5)
        unmatched = min(sizes) - len(match.target)
        assert float(np.sum(cost[match.target, match.estimate])) + 0.5 * unmatched == pytest.approx(least)
        assert (cost[match.target, match.estimate] < 0.5).all()
        assert len(set(match.target)) == len(match.target)
        assert len(set(match.estimate)) == len(match.estimate)


@pytest.mark.parametrize("sizes", [(3, 3), (2, 4), (4, 2), (1, 1), (0, 2), (2, 0), (0, 0)])
def test_gospa_is_the_least_over_all_partial_assignments(sizes: tuple[int, int], rng: np.random.Generator) -> None:
    """Any pair may be left apart; that costs cutoff^2 / 2 for its target and as much for its estimate."""
    cutoff = 0.7
    for _ in range(20):
        truth, found = sets(rng, sizes[0])[0], sets(rng, sizes[1])[0]
        squares = distances_bins(MODEL, truth, found) ** 2
        least = np.inf
        for way in ways(*sizes):
            for chosen in range(1 << len(way)):
                pairs = [pair for place, pair in enumerate(way) if chosen >> place & 1]
                alone = sum(sizes) - 2 * len(pairs)
                least = min(least, sum(squares[pair] for pair in pairs) + cutoff**2 / 2.0 * alone)
        assert gospa(MODEL, truth, found, cutoff) == pytest.approx(np.sqrt(least))


def test_gospa_of_missed_and_false_ones_is_half_the_squared_cutoff_each() -> None:
    one, far = np.zeros((1, 3)), np.full((1, 3), 0.3)
    assert gospa(MODEL, one, np.zeros((0, 3)), 0.5) == pytest.approx(np.sqrt(0.5**2 / 2.0))
    assert gospa(MODEL, one, far, 0.5) == pytest.approx(0.5)
    assert gospa(MODEL, one, np.vstack([one, far]), 0.5) == pytest.approx(np.sqrt(0.5**2 / 2.0))


@given(SETS, SETS, SETS)
def test_gospa_is_a_metric(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> None:
    direct = gospa(MODEL, first, third, 1.0)
    assert direct <= gospa(MODEL, first, second, 1.0) + gospa(MODEL, second, third, 1.0) + 1e-9
    assert direct == pytest.approx(gospa(MODEL, third, first, 1.0), abs=1e-9)
    assert gospa(MODEL, first, first, 1.0) == pytest.approx(0.0, abs=1e-9)
