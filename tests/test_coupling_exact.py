"""The least entropy, and what bounds it from below."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given

from marginals import assert_exact, distributions, drawn, one
from semcom.coupling import (
    TOTAL,
    Masses,
    couple_best,
    couple_closest,
    couple_exactly,
    couple_greedily,
    entropy_bits,
    lower_bounds,
    to_masses,
)
from semcom.coupling.exact import _left, _Search
from semcom.errors import UserError
from semcom.marginals import Dirichlet, Geometric, Marginal, UniformMasses, Zipf

FAMILIES = (UniformMasses(), Zipf(), Geometric(), Dirichlet(concentration=0.1), Dirichlet())


class Vertices:
    """All vertices of the couplings of n by m letters: the masses that each spanning tree of cells determines."""

    def __init__(self, n: int, m: int) -> None:
        cells = itertools.product(range(n), range(m))
        supports = np.array(list(itertools.combinations(cells, n + m - 1)))
        incidence = np.zeros((len(supports), n + m, n + m - 1))
        tree, edge = np.indices(supports.shape[:2])
        incidence[tree, supports[:, :, 0], edge] = 1.0
        incidence[tree, n + supports[:, :, 1], edge] = 1.0
        gram = incidence.transpose(0, 2, 1) @ incidence
        spanning = np.abs(np.linalg.det(gram)) > 0.5  # whole numbers
        self.solve = np.linalg.solve(gram[spanning], incidence[spanning].transpose(0, 2, 1))

    def least_bits(self, p: Masses, q: Masses) -> float:
        masses = self.solve @ (np.concatenate((p, q)) / TOTAL)
        masses = masses[masses.min(axis=1) > -1e-12]
        bits = -(masses * np.log2(np.maximum(masses, 1e-300))).sum(axis=1)
        return float(bits.min())


@pytest.mark.parametrize(("n", "m", "trials"), [(2, 5, 40), (3, 3, 60), (3, 4, 60), (4, 4, 60)])
def test_the_exact_coupling_is_the_best_of_all_vertices(n: int, m: int, trials: int, rng: np.random.Generator) -> None:
    vertices = Vertices(n, m)
    for _ in range(trials):
        p, q = one(rng, n), one(rng, m)
        exact = couple_exactly(p, q).entropy_bits
        assert exact == pytest.approx(vertices.least_bits(p, q), abs=1e-9)


def test_the_search_finds_what_neither_heuristic_does() -> None:
    p, q = np.array([7, 5, 2, 6]) / 20, np.array([3, 3, 2, 12]) / 20  # 7 + 5 = 12, 6 = 3 + 3, 2 = 2
    exact = couple_exactly(p, q)
    assert_exact(exact)
    cells = np.array([7, 5, 3, 3, 2]) / 20
    assert exact.entropy_bits == pytest.approx(float(-(cells * np.log2(cells)).sum()), abs=1e-9)
    assert couple_best(p, q).entropy_bits > exact.entropy_bits + 0.1


def test_an_exact_coupling_keeps_marginals_and_is_never_beaten(rng: np.random.Generator) -> None:
    for p, q in [*drawn(rng, 1500, 4), *drawn(rng, 25, 5, 5)]:
        exact, greedy = couple_exactly(p, q), couple_greedily(p, q)
        assert_exact(exact)
        assert exact.entropy_bits <= couple_best(p, q).entropy_bits <= greedy.entropy_bits
        assert greedy.entropy_bits <= exact.entropy_bits + math.log2(math.e) / math.e
        assert max(exact.bounds) <= exact.entropy_bits + 1e-11


def test_the_better_coupling_is_on_average_near_the_exact_one(rng: np.random.Generator) -> None:
    gaps = []
    for _ in range(120):
        p, q = (UniformMasses().draw(4, rng) for _ in range(2))
        least = couple_exactly(p, q).entropy_bits
        best, greedy, closest = couple_best(p, q), couple_greedily(p, q), couple_closest(p, q)
        gaps.append((best.entropy_bits - least, greedy.entropy_bits - least))
        assert best.entropy_bits == min(greedy.entropy_bits, closest.entropy_bits)
        assert -1e-11 <= gaps[-1][0] <= best.gap_bits + 1e-11
    mean_best, mean_greedy = np.mean(gaps, axis=0)
    assert mean_best <= 0.02
    assert mean_greedy > 2.0 * mean_best


def test_the_search_prunes_by_the_bound_that_is_tested(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 200, 6, 2):
        bits = _Search(math.inf)._bound(_left(p), _left(q))
        assert bits == pytest.approx(lower_bounds(p, q).majorise_profile, abs=1e-9)


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


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_gaps_to_the_bound_are_small_in_every_family(family: Marginal, rng: np.random.Generator) -> None:
    for letters, trials in ((16, 30), (64, 10), (512, 2)):
        pairs = [(family.draw(letters, rng), family.draw(letters, rng)) for _ in range(trials)]
        assert 0.0 < np.mean([couple_best(p, q).gap_bits for p, q in pairs]) <= 0.2


def test_more_letters_than_can_be_searched_are_told() -> None:
    said = "p_x and p_y have 13 letters with mass; expected at most 12 in all. Take couple_best, whose gap_bits says"
    with pytest.raises(UserError, match=said):
        couple_exactly(np.full(7, 1 / 7), np.full(6, 1 / 6))
