"""Greedy and closest-match couplings of two marginals and more."""

import importlib.util
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from marginals import assert_exact, distributions, drawn, one
from near import FALSE_ALARM
from semcom.coupling import (
    TOTAL,
    Coupling,
    Masses,
    couple_best,
    couple_closest,
    couple_exactly,
    couple_greedily,
    couple_many,
    entropy_bits,
    to_masses,
)
from semcom.coupling.closest_match import BLOCK
from semcom.errors import UserError

GUARANTEE_BITS = math.log2(math.e) / math.e
with_numba = pytest.mark.skipif(importlib.util.find_spec("numba") is None, reason="needs the extra fast")


def naive_greedy(p: Masses, q: Masses) -> list[tuple[int, int, int]]:
    """Both largest again and again, by looking through all."""
    p, q = p.copy(), q.copy()
    entries = []
    while p.any():
        i, j = int(np.argmax(p)), int(np.argmax(q))
        mass = min(int(p[i]), int(q[j]))
        p[i] -= mass
        q[j] -= mass
        entries.append((i, j, mass))
    return entries


def entries_of(coupling: Coupling) -> list[tuple[int, int, int]]:
    return list(zip(coupling.rows.tolist(), coupling.columns.tolist(), coupling.masses.tolist(), strict=True))


def test_every_coupling_keeps_both_marginals_to_the_last_unit(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 200, 20):
        for couple in (couple_greedily, couple_closest, couple_best):
            coupling = couple(p, q)
            assert np.array_equal(coupling.row_masses, p)
            assert np.array_equal(coupling.column_masses, q)
            assert_exact(coupling)


def test_the_greedy_coupling_is_that_of_the_naive_loop(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 300, 30):
        assert entries_of(couple_greedily(p, q)) == naive_greedy(p, q)


@given(distributions(5), distributions(5))
def test_the_greedy_coupling_keeps_its_guarantee(p: Masses, q: Masses) -> None:
    least = couple_exactly(p, q).entropy_bits
    assert couple_greedily(p, q).entropy_bits <= least + GUARANTEE_BITS
    assert couple_best(p, q).entropy_bits <= couple_greedily(p, q).entropy_bits


def test_the_closest_match_takes_the_nearest_of_all_pairs(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 100, 25):
        left, other = p.astype(np.float64), q.astype(np.float64)
        for i, j, mass in entries_of(couple_closest(p, q)):
            a, b = left[left > 0][:, None], other[other > 0][None, :]
            nearest = (np.maximum(a, b) / np.minimum(a, b)).min()
            assert max(left[i], other[j]) / min(left[i], other[j]) == nearest
            assert mass == min(left[i], other[j])
            left[i] -= mass
            other[j] -= mass


def test_the_closest_match_of_many_letters_keeps_marginals_and_beats_the_greedy_one(rng: np.random.Generator) -> None:
    p, q = (to_masses(rng.dirichlet(np.ones(3 * BLOCK))) for _ in range(2))
    closely = couple_closest(p, q)
    assert_exact(closely)
    assert closely.entropy_bits < couple_greedily(p, q).entropy_bits
    assert closely.gap_bits < 0.06


def test_equal_marginals_couple_without_loss(rng: np.random.Generator) -> None:
    p = one(rng, 12)
    shuffled = rng.permutation(p)
    for couple in (couple_greedily, couple_closest):
        coupling = couple(p, shuffled)
        assert coupling.entropy_bits == pytest.approx(entropy_bits(p), abs=1e-12)
        assert coupling.information_bits == pytest.approx(entropy_bits(p), abs=1e-12)


def test_a_coupling_reads_alike_by_row_by_column_and_as_a_whole(rng: np.random.Generator) -> None:
    p, q = one(rng, 9), one(rng, 4)
    coupling = couple_greedily(p, q)
    joint = coupling.joint()
    assert np.array_equal(joint * TOTAL, np.stack([coupling.row(x) for x in range(9)]))
    assert np.array_equal(joint.T * TOTAL, np.stack([coupling.column(y) for y in range(4)]))
    assert np.array_equal(joint.T, coupling.transposed().joint())
    assert np.allclose(coupling.posterior(0) / TOTAL, joint[:, 0] / joint[:, 0].sum(), atol=1e-14)
    positive = joint[joint > 0]
    outer = np.outer(joint.sum(axis=1), joint.sum(axis=0))[joint > 0]
    assert coupling.information_bits == pytest.approx(float((positive * np.log2(positive / outer)).sum()), abs=1e-9)
    assert coupling.entropy_bits == pytest.approx(float(-(positive * np.log2(positive)).sum()), abs=1e-12)


def test_columns_are_drawn_by_the_law_of_their_row(rng: np.random.Generator) -> None:
    coupling = couple_greedily(to_masses([0.6, 0.3, 0.1]), to_masses([0.35, 0.3, 0.2, 0.15]))
    law = coupling.row(0) / coupling.row_masses[0]
    assert np.count_nonzero(law) == 3
    for drawn_columns in (
        coupling.draw_columns(np.zeros(20000, np.int64), rng),
        np.array([coupling.draw_column(0, rng) for _ in range(5000)]),
    ):
        counts = np.bincount(drawn_columns, minlength=4)
        assert not counts[law == 0].any()
        assert stats.chisquare(counts[law > 0], law[law > 0] * counts.sum()).pvalue > FALSE_ALARM


def test_letters_drawn_through_a_coupling_follow_the_other_marginal(rng: np.random.Generator) -> None:
    p, q = rng.dirichlet(np.ones(64)), np.array([0.4, 0.3, 0.2, 0.1])
    coupling = couple_greedily(p, q)
    columns = coupling.draw_columns(rng.choice(64, 100_000, p=p), rng)
    assert stats.chisquare(np.bincount(columns, minlength=4), q * columns.size).pvalue > FALSE_ALARM


def test_a_greedy_coupling_of_many_keeps_all_marginals(rng: np.random.Generator) -> None:
    for _ in range(50):
        marginals = [one(rng, int(rng.integers(1, 9))) for _ in range(int(rng.integers(2, 6)))]
        coupling = couple_many(marginals)
        for place, masses in enumerate(marginals):
            sums = np.zeros(masses.size, np.int64)
            np.add.at(sums, coupling.letters[:, place], coupling.masses)
            assert np.array_equal(sums, masses)
        assert coupling.masses.min() > 0
        assert coupling.masses.size <= sum(masses.size for masses in marginals) - len(marginals) + 1
        assert coupling.entropy_bits >= max(map(entropy_bits, marginals)) - 1e-12
        assert coupling.correlation_bits >= -1e-12
        assert max(map(entropy_bits, marginals)) - 1e-9 <= coupling.bound_bits <= coupling.entropy_bits + 1e-9
        assert 0.0 <= coupling.gap_bits <= coupling.entropy_bits


def test_a_greedy_coupling_of_two_is_the_greedy_coupling(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 100, 20):
        many = couple_many([p, q])
        assert many.bound_bits == max(couple_greedily(p, q).bounds)
        assert list(map(tuple, np.column_stack((many.letters, many.masses)).tolist())) == entries_of(
            couple_greedily(p, q)
        )


@with_numba
def test_the_compiled_coupling_is_the_plain_one_bit_for_bit(rng: np.random.Generator) -> None:
    pairs = [*drawn(rng, 300, 40), *drawn(rng, 3, 3000, 1000)]
    pairs += [(one(rng, 3), to_masses(np.full(1000, 1e-3))), (to_masses(np.full(999, 1 / 999)), one(rng, 700))]
    for p, q in pairs:
        plain, fast = couple_greedily(p, q, "plain"), couple_greedily(p, q, "fast")
        assert np.array_equal(plain.rows, fast.rows)
        assert np.array_equal(plain.columns, fast.columns)
        assert np.array_equal(plain.masses, fast.masses)


@with_numba
def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba import njit

    from semcom.coupling import greedy_compiled

    def homeless(function: Any = None, cache: bool = False) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return njit(function)

    monkeypatch.setattr(greedy_compiled, "njit", homeless)
    assert greedy_compiled.compiled(lambda number: number + 1)(1) == 2


def test_without_the_extra_fast_names_its_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semcom.coupling.greedy.find_spec", lambda name: None)
    said = r"kernel is 'fast', which needs the extra fast: pip install 'semcom\[fast\]' \(or take auto\)"
    with pytest.raises(UserError, match=said):
        couple_greedily([0.5, 0.5], [1.0], "fast")
    assert couple_greedily([0.5, 0.5], [1.0], "auto").masses.size == 2


def test_an_unknown_kernel_is_told() -> None:
    with pytest.raises(UserError, match=r"kernel is 'gpu'; expected one of auto, plain, fast. Take auto"):
        couple_greedily([1.0], [1.0], "gpu")  # type: ignore[arg-type]


@pytest.mark.parametrize("row", [-1, 2, 3])
def test_a_row_that_cannot_occur_is_told(row: int, rng: np.random.Generator) -> None:
    coupling = couple_greedily([0.5, 0.5, 0.0], [1.0])
    said = f"row {row} has no mass; expected a row with mass among 0 to 2. Draw it from the marginal"
    with pytest.raises(UserError, match=said):
        coupling.draw_column(row, rng)
    with pytest.raises(UserError, match=said):
        coupling.draw_columns([0, row], rng)


@pytest.mark.parametrize("row", [0.5, 1.9, float("nan")])
def test_a_row_that_is_no_whole_number_is_told(row: float, rng: np.random.Generator) -> None:
    with pytest.raises(UserError, match=f"row is {row}; expected a whole number. Look where it comes from"):
        couple_greedily([0.5, 0.5], [1.0]).draw_columns([row], rng)


def test_a_column_that_cannot_occur_has_no_posterior() -> None:
    with pytest.raises(UserError, match="column 1 has no mass; expected a column with mass among 0 to 1"):
        couple_greedily([1.0], [1.0, 0.0]).posterior(1)


def test_one_marginal_is_too_few() -> None:
    with pytest.raises(UserError, match=r"marginals are 1; expected at least 2. Give one distribution a variable"):
        couple_many([[1.0]])
    with pytest.raises(UserError, match=r"marginals\[1\] sums to 0.5"):
        couple_many([[1.0], [0.5]])
