"""Coding games: policies against closed forms, coders against what they promise, receivers against Bayes' rule."""

import importlib
import inspect
import itertools
import math
import pkgutil
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete
from scipy.optimize import brentq
from scipy.special import entr
from scipy.stats import chi2, chisquare

from semcom.action_links import NoiselessLink
from semcom.coupling import TOTAL, entropy_bits, rescaled, to_masses
from semcom.errors import UserError
from semcom.games import coders
from semcom.games.belief import Belief
from semcom.games.coders import CODERS, KINDS, Coder
from semcom.games.coders.coupling_coder import CouplingCoder
from semcom.games.decision_process import of_table
from semcom.games.environment import Setting
from semcom.games.honesty import check_chain
from semcom.games.policies import MaxEnt
from semcom.games.public_belief import PublicBelief
from semcom.games.rules import Rules
from semcom.games.soft_values import backwards, stationary
from semcom.games.tabular_player import TabularPlayer

ONE_STATE = {0: {0: [(1.0, 0, 1.0, True)], 1: [(1.0, 0, 0.0, True)]}}


def chance(rng: np.random.Generator, count: int, concentration: float = 1.0) -> np.ndarray:
    return to_masses(rng.dirichlet(np.full(count, concentration)))


COUPLERS = tuple(name for name, kind in CODERS.kinds.items() if issubclass(kind, CouplingCoder))


def coder(name: str) -> CouplingCoder:
    found = CODERS.kinds[name].read({"kind": name})
    assert isinstance(found, CouplingCoder)
    return found


def test_a_choice_that_ends_the_game_is_a_softmax_of_rewards() -> None:
    policy = stationary(of_table(ONE_STATE), log_beta=-1.0, discount=0.9)
    assert policy[0, 0] == pytest.approx(1.0 / (1.0 + math.exp(-math.e)), rel=1e-12)


def test_with_much_temperature_every_way_through_a_game_is_as_likely() -> None:
    """Of maximum entropy over trajectories: in a tree an action's probability is its share of leaves."""
    tree = {
        0: {0: [(1.0, 1, 0.0, False)], 1: [(1.0, 2, 0.0, True)]},
        1: {0: [(1.0, 2, 0.0, True)], 1: [(1.0, 2, 0.0, True)]},
        2: {0: [(1.0, 2, 0.0, True)], 1: [(1.0, 2, 0.0, True)]},
    }
    policy = backwards(of_table(tree), log_beta=8.0, discount=1.0, horizon=2)
    np.testing.assert_allclose(policy[0, 0], [2.0 / 3.0, 1.0 / 3.0], atol=1e-3)


def test_without_temperature_the_policy_takes_the_best_way() -> None:
    """Value iteration on a ring of cells, one of which pays."""
    cells, discount = 7, 0.8
    table = {
        cell: {
            action: [(1.0, (cell + step) % cells, float((cell + step) % cells == 0), (cell + step) % cells == 0)]
            for action, step in enumerate((-1, 1))
        }
        for cell in range(cells)
    }
    policy = stationary(of_table(table), log_beta=-9.0, discount=discount)
    for cell in range(1, cells):
        assert policy[cell, 0 if cell <= cells // 2 else 1] > 0.999


def test_a_game_without_end_needs_a_discount_or_a_horizon() -> None:
    with pytest.raises(UserError, match="discount is 1 and there is no horizon"):
        stationary(of_table(ONE_STATE), 0.0, 1.0)


def test_a_table_that_loses_probability_is_refused() -> None:
    with pytest.raises(UserError, match=r"P\[0\]\[0\] sums to 0.5"):
        of_table({0: {0: [(0.5, 0, 0.0, True)]}})


def test_a_game_without_a_table_needs_another_policy() -> None:
    with pytest.raises(UserError, match="has no table P"):
        MaxEnt().player(Setting(environment="semcom_envs:CodeCart-v0", arguments={}))


@pytest.mark.parametrize("name", COUPLERS)
@pytest.mark.parametrize("rate", [0.0, 0.3, 0.9, 1.35, 4.5, math.inf])
def test_every_coupler_keeps_belief_policy_and_rate_to_the_last_unit(
    name: str, rate: float, rng: np.random.Generator
) -> None:
    one = coder(name)
    for messages, actions in ((512, 4), (5, 4), (1, 2), (40, 6)):
        belief, policy = chance(rng, messages, 0.3), chance(rng, actions, 0.3)
        check_chain(one.chain(belief, policy, rate), belief, policy, rate if one.keeps_rate else math.inf)


@pytest.mark.parametrize("name", COUPLERS)
def test_drawn_actions_keep_the_policy_whatever_the_coupler(name: str, rng: np.random.Generator) -> None:
    """A chi-squared test at a false alarm of 1e-9 of 100,000 actions of messages drawn by the belief."""
    belief, policy = chance(rng, 30), to_masses([0.4, 0.3, 0.2, 0.1])
    chain = coder(name).chain(belief, policy, 1.2)
    messages = rng.choice(30, 100_000, p=belief / TOTAL)
    seen = np.bincount(chain.draw_many(messages, rng), minlength=4)
    assert chisquare(seen, 100_000 * (policy / TOTAL)).pvalue > 1e-9


def test_whole_games_keep_the_policy_whatever_is_said(rng: np.random.Generator) -> None:
    """Given what was seen before, each action has the policy's law: squared errors of 20,000 add up by chi-squared."""
    policy = MaxEnt(log_beta=-1.0, discount=1.0, horizon=8)
    rules = Rules(environment="semcom_envs:CodeGrid-v0", arguments={"messages": 8}, policy=policy)
    game = rules.game(coder("mec_bottleneck"), NoiselessLink(), 0.9)
    public, counts = PublicBelief(game), np.zeros((8, 16, 4))
    while counts.sum() < 20_000:
        shown, _ = game.environment.reset(seed=int(rng.integers(2**31)))
        public.reset(shown["observation"])
        over, step = False, 0
        while not over:
            action = public.act(shown["message"], rng)
            counts[step, shown["observation"], action] += 1
            after, _, terminated, truncated, _ = game.environment.step(action)
            public.observe(shown["observation"], np.eye(4)[action], after["observation"])
            shown, over, step = after, terminated or truncated, step + 1
    visits = counts.sum(axis=2)
    player = policy.player(rules.setting)
    laws = np.array([[player.law(step, state) / TOTAL for state in range(16)] for step in range(8)])
    expected = visits[..., None] * laws
    often = expected.min(axis=2) >= 5.0
    squared = (counts[often] - expected[often]) ** 2 / expected[often]
    assert counts[often].sum() > 0.95 * counts.sum()
    assert chi2.sf(squared.sum(), 3 * np.count_nonzero(often)) > 1e-9


def test_only_the_silent_coder_says_nothing_where_the_rate_allows_much(rng: np.random.Generator) -> None:
    belief, policy = to_masses(np.full(64, 1.0 / 64.0)), to_masses(np.full(4, 0.25))
    told = {name: coder(name).chain(belief, policy, 6.0).information_bits for name in COUPLERS}
    assert told.pop("silent") == pytest.approx(0.0, abs=1e-9)
    assert min(told.values()) > 1.5
    assert told["mec_bottleneck"] == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_compressing_the_policy_says_something_at_any_rate(rate: float) -> None:
    """Where the published bottleneck of two equal actions and few messages freezes; a coin has but Z channels.

    Of P(T = 1) = q with H(q) = R all of T = 1 is one side of the coin: I = 1 - (1 - q) h(1 / (2 - 2 q)).
    """
    q = brentq(lambda share: float(np.sum(entr([share, 1.0 - share]))) / math.log(2.0) - rate, 1e-9, 0.5)
    most = 1.0 - (1.0 - q) * float(np.sum(entr([0.5 / (1.0 - q), (0.5 - q) / (1.0 - q)]))) / math.log(2.0)
    belief, policy = to_masses(np.full(2, 0.5)), to_masses(np.full(2, 0.5))
    assert coder("ebrahimi2024").chain(belief, policy, rate).information_bits == pytest.approx(0.0, abs=1e-9)
    chain = coder("mec_bottleneck").chain(to_masses(np.full(512, 1.0 / 512.0)), policy, rate)
    assert chain.information_bits == pytest.approx(most, abs=2e-3)


def test_a_belief_that_fits_the_rate_is_not_compressed() -> None:
    belief = to_masses([0.9, 0.1])
    chain = coder("mec_bottleneck").chain(belief, to_masses(np.full(4, 0.25)), 0.5)
    assert chain.rate_bits == entropy_bits(belief)
    assert chain.information_bits == pytest.approx(
        coder("sokota2022").chain(belief, to_masses(np.full(4, 0.25)), 0.5).information_bits
    )


def test_a_table_of_policies_goes_by_the_step_and_stays_at_its_last() -> None:
    player = TabularPlayer(np.array([[[1.0, 0.0]], [[0.0, 1.0]]]))
    assert [int(player.law(step, 0).argmax()) for step in (0, 1, 2, 9)] == [0, 1, 1, 1]


def test_a_belief_after_a_noisy_action_is_that_of_bayes(rng: np.random.Generator) -> None:
    """Against the sum over actions, message by message."""
    prior, policy = chance(rng, 20), chance(rng, 4)
    chain = coder("mec_bottleneck").chain(prior, policy, 1.0)
    weights = rng.random(4)
    joint = chain.joint()
    expected = np.array([sum(joint[m, a] * weights[a] for a in range(4)) for m in range(20)])
    found = Belief([prior]).after(0, chain, weights).blocks[0]
    np.testing.assert_allclose(found / TOTAL, expected / expected.sum(), rtol=1e-9, atol=1e-12)


def test_a_step_tells_of_the_block_that_is_least_known(rng: np.random.Generator) -> None:
    blocks = [to_masses([0.9, 0.1]), to_masses(np.full(4, 0.25)), to_masses(np.full(4, 0.25))]
    belief = Belief(blocks)
    assert belief.open_block == 1
    chain = coder("mec_bottleneck").chain(blocks[1], chance(rng, 3), math.inf)
    after = belief.after(1, chain, np.eye(3)[0])
    assert after.blocks[0] is blocks[0]
    assert after.blocks[2] is blocks[2]
    assert after.entropy_bits < belief.entropy_bits
    assert belief.entropy_bits == pytest.approx(entropy_bits(blocks[0]) + 4.0)


def test_the_probability_of_a_message_is_the_product_of_its_blocks() -> None:
    belief = Belief([to_masses([0.25, 0.75]), to_masses([0.5, 0.5])])
    assert sum(belief.of(pair) for pair in itertools.product(range(2), range(2))) == pytest.approx(1.0)
    assert belief.of((1, 0)) == pytest.approx(0.375)
    assert belief.guess() == (1, 0)


def test_what_cannot_have_been_seen_is_a_clear_error(rng: np.random.Generator) -> None:
    prior, policy = chance(rng, 3), chance(rng, 2)
    chain = coder("silent").chain(prior, policy, 1.0)
    with pytest.raises(UserError, match="what was seen"):
        Belief([prior]).after(0, chain, np.zeros(2))


def test_a_chain_over_its_rate_or_with_another_marginal_is_caught(rng: np.random.Generator) -> None:
    belief, policy = chance(rng, 16), chance(rng, 4)
    chain = coder("sokota2022").chain(belief, policy, 1.0)
    with pytest.raises(AssertionError, match="the limit is"):
        check_chain(chain, belief, policy, 0.5)
    with pytest.raises(AssertionError, match="lost a unit"):
        check_chain(chain, rescaled(belief[::-1]), policy, math.inf)


def test_every_kind_of_coder_is_in_the_family() -> None:
    for module in pkgutil.iter_modules(coders.__path__):
        importlib.import_module(f"{coders.__name__}.{module.name}")
    kinds = [kind for base in (Coder, CouplingCoder) for kind in base.__subclasses__() if not inspect.isabstract(kind)]
    assert {kind for kind in kinds if kind.__module__.startswith(coders.__name__)} == set(KINDS)


def poured_first_that_fits(belief: np.ndarray, cells: int, rate: float) -> float:
    """H(T) of the fewest letters poured with which it fits, each count tried in turn."""
    order = np.argsort(-belief, kind="stable")
    for count in range(-(-order.size // cells), order.size):
        labels = np.zeros(order.size, np.int64)
        kept = order[: order.size - count]
        labels[kept] = np.arange(kept.size) * (cells - 1) // kept.size + 1
        bits = entropy_bits(np.bincount(labels, belief).astype(np.int64))
        if bits <= rate:
            return bits
    return 0.0


def test_the_skew_code_pours_the_fewest_that_fit(rng: np.random.Generator) -> None:
    """H(T) may rise before it falls, so that a bisection would miss some."""
    for _ in range(60):
        belief, rate = chance(rng, int(rng.integers(5, 40)), 1.0), float(rng.uniform(0.2, 1.9))
        chain = coder("skew").chain(belief, to_masses([0.25] * 4), rate)
        assert chain.rate_bits == poured_first_that_fits(belief, 4, rate)


@pytest.mark.parametrize("name", ["equal_count", "uniform_quantiser", "balanced_cells"])
@pytest.mark.parametrize("cells", range(2, 17))
def test_codes_of_fixed_length_keep_a_rate_of_whole_cells(name: str, cells: int) -> None:
    belief, policy = to_masses(np.full(4 * cells, 0.25 / cells)), to_masses([0.25] * 4)
    chain = coder(name).chain(belief, policy, math.log2(cells))
    check_chain(chain, belief, policy, math.log2(cells))
    if name != "uniform_quantiser":  # whose blocks of whole indices may be fewer
        assert chain.encoder.column_masses.size >= cells - (cells & (cells - 1) > 0)


def test_values_that_do_not_settle_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semcom.games.soft_values.ITERATIONS", 3)
    for_ever = {0: {0: [(1.0, 0, 1.0, False)], 1: [(1.0, 0, 0.0, False)]}}
    with pytest.raises(UserError, match="values have not settled after 3 iterations; give horizon, or a smaller disc"):
        stationary(of_table(for_ever), 0.0, 0.999)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({0: {0: [(1.5, 0, 0.0, True), (-0.5, 0, 0.0, True)]}}, r"P\[0\]\[0\] leads with probability -0.5 to 0 for a"),
        ({0: {0: [(1.0, -1, 0.0, True)]}}, r"P\[0\]\[0\] leads with probability 1 to -1 for a reward of 0; expected"),
        (
            {0: {0: [(1.0, 0, math.nan, True)]}},
            r"to 0 for a reward of nan; expected 0 or more, a state of P",
        ),
        ({1: {0: [(1.0, 1, 0.0, True)]}}, r"P has the states \[1\]...; expected 0 to 0 without gaps"),
        ({0: {0: [(1.0, 0, 0.0, True)]}, 1: {1: []}}, r"P\[1\] has the actions \[1\]; expected 0 to 0, as P\[0\]"),
    ],
)
def test_tables_that_are_no_law_are_told(table: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        of_table(table)


class Foreign(gymnasium.Env[Any, Any]):
    """An environment of somebody else."""

    def __init__(self, actions: Any = None, message: Any = None) -> None:
        self.action_space = actions or Discrete(2)
        self.observation_space = Dict({"observation": Discrete(3), "message": message or Discrete(2)})


@pytest.mark.parametrize(
    ("spaces", "said"),
    [
        ({"actions": Box(-1.0, 1.0, (2,))}, r"its actions are Box\(.*\); expected Discrete ones"),
        (
            {"message": Discrete(2, start=1)},
            r"its message is Discrete\(2, start=1\); expected a Discrete from 0",
        ),
    ],
)
def test_environments_that_are_no_coding_games_are_told(
    spaces: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gymnasium, "make", lambda name, **arguments: Foreign(**spaces))
    with pytest.raises(UserError, match=said):
        Setting(environment="theirs", arguments={}).made()
