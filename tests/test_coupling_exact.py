"""The least entropy, and what bounds it from below."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given

from marginals import assert_exact, distributions, drawn, one
from semcom.coupling import (
    FAMILIES,
    TOTAL,
    Masses,
    couple_best,
    couple_exactly,
    couple_greedily,
    draw_marginals,
    entropy_bits,
    lower_bounds,
    measure_gaps,
    to_masses,
)
from semcom.errors import UserError


def least_over_all_orders(p: Masses, q: Masses) -> float:
    """The least entropy by the north-west corner rule in every order of rows and columns: it meets every vertex of
    2 x n, and many others besides.
    """
    least = math.inf
    for rows in itertools.permutations(p.tolist()):
        for columns in itertools.permutations(q.tolist()):
            left, other, bits = list(rows), list(columns), 0.0
            while left and other:
                mass = min(left[0], other[0])
                bits -= mass / TOTAL * math.log2(mass / TOTAL) if mass else 0.0
                left[0] -= mass
                other[0] -= mass
                left, other = (side[1:] if not side[0] else side for side in (left, other))
            least = min(least, bits)
    return least


def least_over_all_forests(p: Masses, q: Masses) -> float:
    """The least entropy over all vertices, by their supports: sets of n + m - 1 cells that determine the masses."""
    n, m = p.size, q.size
    cells = list(itertools.product(range(n), range(m)))
    target = np.concatenate((p, q)) / TOTAL
    least = math.inf
    for support in itertools.combinations(cells, n + m - 1):
        incidence = np.zeros((n + m, len(support)))
        for place, (i, j) in enumerate(support):
            incidence[[i, n + j], place] = 1.0
        if np.linalg.matrix_rank(incidence) < len(support):
            continue
        masses = np.linalg.lstsq(incidence, target, rcond=None)[0]
        if masses.min() > -1e-12 and np.allclose(incidence @ masses, target, atol=1e-10):
            kept = masses[masses > 1e-12]
            least = min(least, float(-(kept * np.log2(kept)).sum()))
    return least


def test_the_exact_coupling_is_the_best_of_all_vertices(rng: np.random.Generator) -> None:
    for _ in range(4):
        p, q = to_masses(rng.dirichlet(np.ones(3))), to_masses(rng.dirichlet(np.ones(3)))
        assert couple_exactly(p, q).entropy_bits == pytest.approx(least_over_all_forests(p, q), abs=1e-9)
    p, q = to_masses(rng.dirichlet(np.ones(4))), to_masses(rng.dirichlet(np.ones(2)))
    assert couple_exactly(p, q).entropy_bits == pytest.approx(least_over_all_forests(p, q), abs=1e-9)


def test_the_exact_coupling_of_two_letters_is_the_best_of_all_orders(rng: np.random.Generator) -> None:
    for _ in range(10):
        p, q = to_masses(rng.dirichlet(np.ones(2))), to_masses(rng.dirichlet(np.ones(5)))
        assert couple_exactly(p, q).entropy_bits == pytest.approx(least_over_all_orders(p, q), abs=1e-9)


def test_an_exact_coupling_keeps_marginals_and_is_never_beaten(rng: np.random.Generator) -> None:
    for p, q in [*drawn(rng, 1500, 4), *drawn(rng, 25, 5, 5)]:
        exact, greedy = couple_exactly(p, q), couple_greedily(p, q)
        assert_exact(exact)
        assert exact.entropy_bits <= couple_best(p, q).entropy_bits <= greedy.entropy_bits
        assert greedy.entropy_bits <= exact.entropy_bits + math.log2(math.e) / math.e
        assert max(exact.bounds) <= exact.entropy_bits + 1e-11


def test_the_better_coupling_is_on_average_near_the_exact_one(rng: np.random.Generator) -> None:
    gaps = [measure_gaps(*draw_marginals("uniform", 4, rng)) for _ in range(120)]
    assert np.mean([gap.best for gap in gaps]) <= 0.02
    assert all(gap.best <= min(gap.greedy, gap.closest_match) + 1e-12 for gap in gaps)
    assert all(-1e-11 <= gap.best <= gap.bound + 1e-11 for gap in gaps)
    assert np.mean([gap.greedy for gap in gaps]) > 2.0 * np.mean([gap.best for gap in gaps])


@given(distributions(4), distributions(4))
def test_no_bound_exceeds_the_least_entropy(p: Masses, q: Masses) -> None:
    least = couple_exactly(p, q).entropy_bits
    bounds = lower_bounds(p, q)
    assert max(bounds) <= least + 1e-11
    assert bounds.majorise_profile >= max(bounds.majorisation, bounds.profile) - 1e-11
    assert min(bounds) >= max(entropy_bits(p), entropy_bits(q)) - 1e-11


def test_the_bound_of_two_letters_each_is_the_least_entropy(rng: np.random.Generator) -> None:
    # p <= q < 1/2: the lesser atoms share a cell of mass p, the rest are q - p and 1 - q
    for _ in range(20):
        p, q = np.sort(rng.random(2) / 2)
        least = -sum(mass * math.log2(mass) for mass in (p, q - p, 1 - q))
        assert couple_exactly([p, 1 - p], [q, 1 - q]).entropy_bits == pytest.approx(least, abs=1e-9)
        assert lower_bounds(to_masses([p, 1 - p]), to_masses([q, 1 - q])).majorise_profile == pytest.approx(
            least, abs=1e-9
        )


def test_the_majorisation_bound_is_that_of_the_example_of_its_authors() -> None:
    # the partial sums of the greatest lower bound are the lesser ones: (0.4, 0.3, 0.2, 0.1)
    p, q = to_masses([0.4, 0.4, 0.1, 0.1]), to_masses([0.5, 0.2, 0.2, 0.1])
    glb = -sum(mass * math.log2(mass) for mass in (0.4, 0.3, 0.2, 0.1))
    assert lower_bounds(p, q).majorisation == pytest.approx(glb, abs=1e-9)


def test_the_profile_bound_is_the_mean_over_quantiles(rng: np.random.Generator) -> None:
    p, q = one(rng, 7), one(rng, 5)
    quantile = (np.arange(200_000) + 0.5) / 200_000
    sizes = []
    for masses in (p, q):
        ascending = np.sort(masses) / TOTAL
        sizes.append(ascending[np.minimum(np.searchsorted(ascending.cumsum(), quantile), ascending.size - 1)])
    assert lower_bounds(p, q).profile == pytest.approx(float(-np.log2(np.minimum(*sizes)).mean()), abs=2e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_gaps_to_the_bound_are_small_in_every_family(family: str, rng: np.random.Generator) -> None:
    for letters, trials in ((16, 30), (64, 10), (512, 2)):
        gaps = [measure_gaps(*draw_marginals(family, letters, rng)) for _ in range(trials)]
        assert 0.0 < np.mean([gap.bound for gap in gaps]) <= 0.2
        assert all(math.isnan(gap.best) for gap in gaps)


def test_more_letters_than_can_be_searched_are_told() -> None:
    said = "p_x and p_y have 13 letters with mass; expected at most 12 in all. Take couple_best, whose gap_bits says"
    with pytest.raises(UserError, match=said):
        couple_exactly(np.full(7, 1 / 7), np.full(6, 1 / 6))


def test_an_unknown_family_is_told() -> None:
    with pytest.raises(UserError, match=r"family is 'zipff'; expected a known one: did you mean zipf"):
        draw_marginals("zipff", 3, np.random.default_rng(0))
