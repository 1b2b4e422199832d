"""The chain X - T - Y with both marginals kept and a bound on H(T)."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from marginals import assert_exact, drawn, one
from near import FALSE_ALARM
from semcom.coupling import (
    TOTAL,
    Side,
    couple_exactly,
    couple_greedily,
    ebim,
    entropy_bits,
    mecb,
    through_action_code,
    to_masses,
)
from semcom.errors import UserError

SIDES: tuple[Side, ...] = ("message", "action", "best")


def test_every_chain_keeps_both_marginals_and_the_rate(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 40, 12):
        rate = float(rng.random() * 1.2 * entropy_bits(q))
        for side in SIDES:
            chain = mecb(p, q, rate, side)
            assert_exact(chain.encoder)
            assert_exact(chain.decoder)
            assert np.array_equal(chain.encoder.row_masses, p)
            assert np.array_equal(chain.encoder.column_masses, chain.decoder.row_masses)
            assert np.array_equal(chain.decoder.column_masses, q)
            assert chain.rate_bits <= rate
            assert chain.information_bits <= min(chain.rate_bits, chain.bound_bits(rate)) + 1e-9


def test_the_joint_law_is_the_product_of_both_kernels(rng: np.random.Generator) -> None:
    for side in SIDES:
        p, q = one(rng, 15), one(rng, 4)
        chain = mecb(p, q, 0.8, side)
        first, second = chain.encoder.joint(), chain.decoder.joint()
        joint = first @ (second / second.sum(axis=1, keepdims=True))
        assert np.allclose(chain.joint(), joint, atol=1e-14)
        outer = np.outer(joint.sum(axis=1), joint.sum(axis=0))
        inside = joint > 0
        information = float((joint[inside] * np.log2(joint[inside] / outer[inside])).sum())
        assert chain.information_bits == pytest.approx(information, abs=1e-9)
        y = int(np.argmax(q))
        assert np.allclose(chain.posterior(y) / TOTAL, joint[:, y] / joint[:, y].sum(), atol=1e-12)
        assert int(chain.posterior(y).sum()) == TOTAL


def test_the_best_side_is_the_better_of_both(rng: np.random.Generator) -> None:
    chosen = set()
    for p, q in drawn(rng, 60, 8, 2):
        rate = float(rng.random() * entropy_bits(q))
        message, action, best = (mecb(p, q, rate, side).information_bits for side in SIDES)
        assert best == max(message, action)
        chosen.add(message > action)
    assert chosen == {True, False}


def test_compressing_the_action_is_better_at_a_low_rate() -> None:
    policy = [0.4, 0.3, 0.2, 0.1]
    for rate in (0.5, 0.9, 1.35):
        message, action, best = (mecb(np.full(512, 1 / 512), policy, rate, side).information_bits for side in SIDES)
        assert best == action > 1.15 * message
        assert message > 0.65 * action  # by a code of few letters, which couples well
        assert action > 0.9 * rate


def test_a_chain_without_a_limit_is_the_coupling(rng: np.random.Generator) -> None:
    p, q = to_masses(rng.dirichlet(np.ones(40))), to_masses(rng.dirichlet(np.ones(30)))
    coupling = couple_greedily(p, q)
    for side in ("message", "action"):
        chain = mecb(p, q, np.inf, side)
        assert np.allclose(chain.joint(), coupling.joint(), rtol=0.0, atol=1e-15)
        assert chain.information_bits == pytest.approx(coupling.information_bits, abs=1e-9)


def test_without_a_rate_nothing_is_told(rng: np.random.Generator) -> None:
    for side in SIDES:
        chain = mecb(one(rng, 9), one(rng, 4), 0.0, side)
        assert chain.rate_bits == 0.0
        assert chain.information_bits == pytest.approx(0.0, abs=1e-12)


def test_the_bound_holds_for_the_best_coupling_without_a_bottleneck(rng: np.random.Generator) -> None:
    for p, q in drawn(rng, 100, 4):
        chain = mecb(p, q, np.inf)
        assert couple_exactly(p, q).information_bits <= chain.bound_bits(np.inf) + 1e-9
        assert chain.bound_bits(0.25) <= 0.25


def test_a_code_of_a_policy_serves_every_belief(rng: np.random.Generator) -> None:
    policy = to_masses([0.4, 0.3, 0.2, 0.1])
    code = ebim(policy, 0.9)
    belief = to_masses(np.full(64, 1 / 64))
    truth = 17
    for _ in range(60):
        chain = through_action_code(belief, code)
        assert chain.rate_bits <= 0.9
        assert np.array_equal(chain.decoder.column_masses, policy)
        belief = chain.posterior(chain.draw(truth, rng))
        assert belief[truth] > 0
    assert int(np.argmax(belief)) == truth
    assert belief[truth] > 0.99 * TOTAL


def test_actions_drawn_through_a_chain_follow_the_policy(rng: np.random.Generator) -> None:
    belief, policy = rng.dirichlet(np.ones(100)), np.array([0.4, 0.3, 0.2, 0.1])
    for side in ("message", "action"):
        chain = mecb(belief, policy, 1.1, side)
        actions = chain.draw_many(rng.choice(100, 100_000, p=belief), rng)
        assert stats.chisquare(np.bincount(actions, minlength=4), policy * actions.size).pvalue > FALSE_ALARM


def test_two_ends_in_different_processes_compute_the_same_bits() -> None:
    script = """
import hashlib, numpy as np
from semcom.coupling import mecb, couple_best, to_masses
from semcom.coupling.entropy import surprise
rng = np.random.default_rng(5)
digest = hashlib.sha256(surprise(rng.random(100_000)).tobytes())
belief = to_masses(rng.dirichlet(np.ones(200)))
for _ in range(20):
    policy = rng.dirichlet(np.ones(5))
    chain = mecb(belief, policy, 0.7)
    belief = chain.posterior(int(rng.integers(5)))
    for values in (belief, chain.encoder.masses, chain.decoder.masses, couple_best(belief, policy).masses):
        digest.update(values.tobytes())
print(digest.hexdigest())
"""
    path = {"PYTHONPATH": ":".join(sys.path)}
    ends = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
        for environment in (path, {**path, "NPY_DISABLE_CPU_FEATURES": disabled()})
    ]
    assert ends[0].stdout == ends[1].stdout != ""


def disabled() -> str:
    """The vector instructions that NumPy uses here beyond the least it needs: without them it is another machine."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__  # type: ignore[import-not-found]

    return " ".join(name for name in __cpu_dispatch__ if __cpu_features__.get(name))


def test_an_unknown_side_is_told() -> None:
    with pytest.raises(UserError, match=r"side is 'policy'; expected one of message, action, best. Take best"):
        mecb([1.0], [1.0], 1.0, "policy")  # type: ignore[arg-type]


def test_bad_marginals_and_rates_are_told_by_name() -> None:
    with pytest.raises(UserError, match=r"p_x sums to 0.5"):
        mecb([0.5], [1.0], 1.0)
    with pytest.raises(UserError, match=r"p_y sums to 0.5"):
        mecb([1.0], [0.5], 1.0)
    with pytest.raises(UserError, match=r"rate_bits is -1; expected at least 0 bits"):
        mecb([1.0], [1.0], -1.0)
    for letter in (-1, 1, 2):
        with pytest.raises(UserError, match=rf"y {letter} has no mass; expected a y with mass among 0 to 1"):
            mecb([1.0], [1.0, 0.0], 1.0).posterior(letter)


def test_many_letters_need_no_dense_law(rng: np.random.Generator) -> None:
    """Its pairs would be 2^30; H(Y | X) by the codes is that of the T that each X becomes."""
    p, q = (to_masses(rng.dirichlet(np.ones(1 << 15))) for _ in range(2))
    chain = mecb(p, q, 5.0, "message")
    assert 4.9 < chain.information_bits <= chain.rate_bits <= 5.0
    y = int(np.argmax(q))
    seen = chain.posterior(y)
    assert (seen > 0).sum() < 1 << 14
    said = chain.encoder.rows[np.isin(chain.encoder.columns, chain.decoder.rows[chain.decoder.columns == y])]
    assert np.array_equal(np.flatnonzero(seen), np.unique(said))


def test_couplings_need_no_tensorflow() -> None:
    script = "import sys, semcom.coupling; sys.exit(bool({'tensorflow', 'numba', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": ":".join(sys.path)}).returncode == 0
