"""Couplers: the contract that every kind keeps, and the ones to compare with against closed forms."""

import pickle
from importlib.util import find_spec

import numpy as np
import pytest

from marginals import assert_exact, drawn
from semcom.couplers import COUPLERS, KINDS, Coupler
from semcom.coupling import (
    TOTAL,
    couple_by_argmax,
    couple_comonotone,
    couple_exactly,
    couple_greedily,
    couple_independently,
    entropy_bits,
    to_masses,
)
from semcom.errors import UserError
from semcom_channels.spec import name_of


def coupler(name: str, **fields: object) -> Coupler:
    found = COUPLERS.kinds[name].read({"kind": name, **fields})
    assert isinstance(found, Coupler)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_every_coupler_keeps_its_marginals_and_the_order_of_entropies(
    kind: type[Coupler], rng: np.random.Generator
) -> None:
    """Between the exact coupling and independence; all but the product law have n + m - 1 entries at most."""
    one = coupler(name_of(kind))
    assert pickle.loads(pickle.dumps(one)) == one == kind.read(one.plain())
    for p, q in drawn(rng, 60, 4):
        coupling = one.couple(p, q)
        for letters, masses in ((coupling.rows, p), (coupling.columns, q)):
            sums = np.zeros(masses.size, np.int64)
            np.add.at(sums, letters, coupling.masses)
            assert np.array_equal(sums, masses)
        assert couple_exactly(p, q).entropy_bits <= coupling.entropy_bits + 1e-11
        assert coupling.entropy_bits <= entropy_bits(p) + entropy_bits(q) + 1e-9
        if one.kind != "independent":
            assert_exact(coupling)


def test_the_loop_of_public_implementations_has_the_entries_of_the_greedy_coupling(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 200, 20):
        loop, greedy = couple_by_argmax(p, q), couple_greedily(p, q, "plain")
        for name in ("rows", "columns", "masses"):
            assert np.array_equal(getattr(loop, name), getattr(greedy, name))


def test_the_comonotone_coupling_has_the_lesser_of_both_distribution_functions(rng: np.random.Generator) -> None:
    """P(X <= x, Y <= y) = min(P(X <= x), P(Y <= y)), of letters in descending order of mass."""
    for p, q in drawn(rng, 100, 12):
        joint = couple_comonotone(p, q).joint()
        order_p, order_q = np.argsort(-p, kind="stable"), np.argsort(-q, kind="stable")
        below = joint[np.ix_(order_p, order_q)].cumsum(axis=0).cumsum(axis=1)
        expected = np.minimum.outer(p[order_p].cumsum(), q[order_q].cumsum()) / TOTAL
        np.testing.assert_allclose(below, expected, atol=1e-12)


def test_the_comonotone_coupling_of_equal_laws_is_the_identity(rng: np.random.Generator) -> None:
    p = to_masses(rng.dirichlet(np.ones(9)))
    shuffled = rng.permutation(9)
    coupling = couple_comonotone(p, p[shuffled])
    assert coupling.masses.size == 9
    assert np.array_equal(shuffled[coupling.columns], coupling.rows)


def test_independent_letters_have_the_product_law_to_some_units_and_tell_nothing(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 60, 40):
        coupling = couple_independently(p, q)
        np.testing.assert_allclose(coupling.joint(), np.outer(p / TOTAL, q / TOTAL), atol=100 / TOTAL)
        assert coupling.information_bits <= 1e-9
        assert coupling.masses.min() > 0


@pytest.mark.parametrize(
    ("name", "letters", "said"),
    [
        ("exact", 7, "exact takes at most 6 letters; letters is 7. Leave such points out by up_to_letters: 6"),
        ("independent", 1025, "independent takes at most 1024 letters; letters is 1025. Leave such points out by"),
        ("best", 2**20 + 1, "best takes at most 1048576 letters; letters is 1048577. Leave such points out by"),
        ("closest_match", 2**20 + 1, "closest_match takes at most 1048576 letters; letters is 1048577. Leave"),
        ("argmax_loop", 65537, "argmax_loop takes at most 65536 letters; letters is 65537. Leave such points out by"),
        ("greedy", 2**24 + 1, "greedy takes at most 16777216 letters; letters is 16777217. Leave such points out by"),
    ],
)
def test_what_would_take_for_ever_is_refused(name: str, letters: int, said: str) -> None:
    coupler(name).check(letters - 1)
    with pytest.raises(UserError, match=said):
        coupler(name).check(letters)


def test_a_kernel_without_its_extra_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semcom.coupling.greedy.find_spec", lambda name: None if name == "numba" else find_spec(name))
    with pytest.raises(UserError, match=r"kernel is 'fast', which needs the extra fast: pip install 'semcom\[fast\]'"):
        coupler("greedy", kernel="fast").check(8)
    coupler("greedy").check(2**20)
