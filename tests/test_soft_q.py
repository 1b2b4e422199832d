"""Soft Q-learning: what is learned against soft value iteration, the player against the network that was trained."""

import math
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest

from semcom.coupling import TOTAL, entropy_bits
from semcom.errors import UserError
from semcom.games.decision_process import of_environment
from semcom.games.environment import Setting
from semcom.games.memory import Memory, Transitions
from semcom.games.network_player import NetworkPlayer
from semcom.games.policies import MaxEnt, SoftQ
from semcom.games.policies.soft_q import Training
from semcom.games.side_by_side import SideBySide
from semcom.games.soft_q_network import features, fresh, shapes
from semcom.games.soft_values import stationary
from semcom.learning import Lesson
from semcom.learning.weights import load, save
from semcom.scenario.find import load as load_scenario
from semcom.studies.game_point import GamePoint

CART = Setting(environment="semcom_envs:CodeCart-v0", arguments={})
GRID = Setting(environment="semcom_envs:CodeGrid-v0", arguments={"messages": 4})


def learned(setting: Setting, policy: SoftQ) -> Lesson:
    (pupil,) = policy.pupils(setting)
    return list(pupil.learn())[-1]


def any_weights(environment: Any, rng: np.random.Generator) -> list[np.ndarray]:
    return [rng.normal(size=shape).astype(np.float32) for shape in shapes(environment, (16, 8))]


def test_what_is_learned_is_the_policy_of_soft_value_iteration() -> None:
    """Linear in ones of n, Q is a table; states that the policy comes by, in total variation.

    The grid's law is deterministic, so each target is a number, not a mean of draws, and the fit is exact in the limit:
    a thousandth is for how far training came. A random player is a hundred times as far.
    """
    policy = SoftQ(log_beta=-1.0, discount=0.9, hidden=(), training=Training(steps=600, learning_rate=0.05))
    made = GRID.made()
    player = NetworkPlayer(made, learned(GRID, policy).weights, policy.log_beta)
    process = of_environment(made)
    expected = stationary(process, policy.log_beta, policy.discount)
    found = np.array([player.law(0, state) / TOTAL for state in range(len(expected))])
    visits = np.zeros(len(expected))
    visits[int(made.reset(seed=0)[0]["observation"])] = 1.0
    seen = visits.copy()
    for _ in range(8):
        visits = np.einsum("s,sa,sat->t", visits, expected, process.going_on)
        seen += visits
    often = seen > 0.05
    assert np.count_nonzero(often) >= 8
    assert 0.5 * np.abs(found - expected).sum(axis=1)[often].max() < 0.001
    assert 0.5 * np.abs(0.25 - expected).sum(axis=1)[often].max() > 0.1


@pytest.mark.parametrize("setting", [CART, GRID])
def test_the_player_computes_what_the_network_says(setting: Setting, rng: np.random.Generator) -> None:
    """Float64 against float32, through files of half precision."""
    made = setting.made()
    network, weights = fresh(made, (16, 8), 1), any_weights(made, rng)
    for variable, value in zip(network.variables, weights, strict=True):
        variable.assign(value)
    player = NetworkPlayer(made, weights, log_beta=0.5)
    observation = made.reset(seed=1)[0]["observation"]
    seen = features(made.observation_space["observation"], observation).astype(np.float32)
    expected = network(seen[None]).numpy()[0]
    np.testing.assert_allclose(player.worth(observation), expected, rtol=1e-5, atol=1e-5)
    chances = np.exp(expected / math.exp(0.5))
    np.testing.assert_allclose(player.law(0, observation) / TOTAL, chances / chances.sum(), rtol=1e-4)


def test_training_repeats_itself_and_a_seed_changes_it(tmp_path: Path) -> None:
    once, again, other = (
        learned(CART, SoftQ(hidden=(8,), training=Training(steps=3, games=2, batch=8, seed=seed))) for seed in (1, 1, 2)
    )
    assert all(np.array_equal(one, two) for one, two in zip(once.weights, again.weights, strict=True))
    assert not np.array_equal(once.weights[0], other.weights[0])
    assert (once.step, once.loss) == (again.step, again.loss)
    save(once.weights, tmp_path / "w.npz")
    assert load(tmp_path / "w.npz", shapes(CART.made(), (8,)))[-1].sum() == pytest.approx(0.0, abs=1e-3)


def test_a_game_that_ran_out_of_time_has_not_ended(rng: np.random.Generator) -> None:
    """Two steps are the limit: the values of what is seen then go on, and the next game begins elsewhere."""
    short = Setting(environment="semcom_envs:CodeCart-v0", arguments={"horizon": 2})
    games = SideBySide([short.made()], rng)
    first, second, third = (games.play(np.array([0])) for _ in range(3))
    assert [one.going_on.item() for one in (first, second, third)] == [1.0, 1.0, 1.0]
    np.testing.assert_array_equal(first.after, second.before)
    assert not np.array_equal(second.after, third.before)


def test_a_game_that_ended_has_no_values_after(rng: np.random.Generator) -> None:
    games = SideBySide([CART.made()], rng)
    ends = [games.play(np.array([0])).going_on.item() for _ in range(15)]
    assert 0.0 in ends
    assert ends[0] == 1.0


def test_a_memory_forgets_the_oldest(rng: np.random.Generator) -> None:
    memory = Memory(4, 1)
    for reward in range(6):
        one = Transitions.room(1, 1)
        one.reward[:] = reward
        memory.keep(one)
    assert memory.filled == 4
    assert memory.mean_reward == 3.5
    assert set(memory.draw((10, 20), rng).reward.ravel().tolist()) == {2.0, 3.0, 4.0, 5.0}


def test_without_weights_the_command_that_makes_them_is_named() -> None:
    with pytest.raises(UserError, match=r"soft_q has no weights soft_q-\w+.npz; make them with `semcom train"):
        SoftQ(log_beta=-1.234).player(CART)


def test_weights_of_another_network_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    policy = SoftQ(hidden=(5,))
    (pupil,) = policy.pupils(CART)
    save(any_weights(CART.made(), rng), tmp_path / "weights" / f"soft_q-{pupil.weights_key}.npz")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="holds weights of other networks"):
        policy.player(CART)


def test_what_has_no_fixed_number_of_features_is_refused() -> None:
    class Odd:
        observation_space = gymnasium.spaces.Dict(
            {"observation": gymnasium.spaces.Graph(gymnasium.spaces.Box(0, 1), None)}
        )
        action_space = gymnasium.spaces.Discrete(2)

    with pytest.raises(UserError, match="a network needs a fixed number of features"):
        shapes(Odd(), (4,))


def test_only_what_learns_has_pupils() -> None:
    assert MaxEnt().pupils(CART) == ()
    (pupil,) = SoftQ().pupils(CART)
    assert (pupil.kind, pupil.training_steps) == ("soft_q", SoftQ().training.steps)


def test_the_policy_that_ships_balances_the_pole_and_has_much_to_say() -> None:
    """Full return in each of ten games, at more than the bits of a picture."""
    task = load_scenario("codecart").points()[0].task
    assert isinstance(task, GamePoint)
    made, player = CART.made(), task.rules.policy.player(task.rules.setting)
    rng = np.random.default_rng(3)
    for seed in range(10):
        observation, bits, steps, over = made.reset(seed=seed)[0], 0.0, 0, False
        while not over:
            law = player.law(steps, observation["observation"])
            bits += entropy_bits(law)
            observation, _, terminated, truncated, _ = made.step(rng.choice(2, p=law / TOTAL))
            over, steps = terminated or truncated, steps + 1
        assert steps == 500
        assert bits > 256.0
