"""Vector environments play as the single ones do."""

import re
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
import pytest
from gymnasium.spaces import Dict, MultiBinary
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from scipy import stats

from coding_games import made
from near import FALSE_ALARM
from semcom.errors import UserError
from semcom_envs import VECTORS
from semcom_envs.tabular_vector import CodeGridVector, Table


def vector(name: str, games: int, **options: Any) -> Any:
    return gymnasium.make_vec(f"semcom_envs:{name}", num_envs=games, vectorization_mode="vector_entry_point", **options)


def everywhere(env: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each state and action that there are."""
    states, actions = env.single_observation_space["observation"].n, env.single_action_space.n
    return np.repeat(np.arange(states), actions), np.tile(np.arange(actions), states)


@pytest.mark.parametrize("name", VECTORS)
def test_spaces_are_those_of_the_single_environment(name: str) -> None:
    env, single = vector(name, 5), made(name)
    assert env.single_observation_space == single.observation_space
    assert env.single_action_space == single.action_space
    assert env.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    env.action_space.seed(1)
    assert env.reset(seed=1)[0] in env.observation_space
    observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
    assert observation in env.observation_space
    assert reward.shape == terminated.shape == truncated.shape == (5,)


@pytest.mark.parametrize("name", VECTORS)
def test_tables_hold_the_probabilities_of_the_single_environment(name: str) -> None:
    model, env = made(name).unwrapped.P, vector(name, 1)
    table: Table = env.table
    chances = np.diff(table.cumulative, axis=1, prepend=0.0)
    for state, actions in model.items():
        for action, outcomes in actions.items():
            row = state * len(actions) + action
            for place, (probability, after, reward, terminated) in enumerate(outcomes):
                assert chances[row, place] == pytest.approx(probability, abs=1e-12)
                kept = (table.after[row, place], table.reward[row, place], table.terminated[row, place])
                assert kept == (after, reward, terminated)
            assert chances[row, len(outcomes) :].sum() == 0.0


@pytest.mark.parametrize("name", VECTORS)
def test_each_state_and_action_leads_where_the_probabilities_say(name: str, rng: np.random.Generator) -> None:
    states, actions = everywhere(vector(name, 1))
    env = vector(name, states.size)
    env.reset(seed=int(rng.integers(2**31)))
    trials, seen = 400, np.zeros((states.size, states[-1] + 1), dtype=np.int64)
    for _ in range(trials):
        env.reset()
        env._state = states.copy()
        observation, reward, terminated, *_ = env.step(actions)
        seen[np.arange(states.size), observation["observation"]] += 1
    model = made(name).unwrapped.P
    for row, (state, action) in enumerate(zip(states, actions, strict=True)):
        law: dict[int, float] = {}
        for probability, after, wins, ends in model[state][action]:
            law[after] = law.get(after, 0.0) + probability
            if after == observation["observation"][row]:
                assert (reward[row], terminated[row]) == (wins, ends)
        assert seen[row, list(law)].sum() == trials
        judged = min(stats.binomtest(int(seen[row, after]), trials, min(p, 1.0)).pvalue for after, p in law.items())
        assert judged > FALSE_ALARM / states.size


@pytest.mark.parametrize("name", VECTORS)
def test_games_start_where_the_single_environment_starts(name: str, rng: np.random.Generator) -> None:
    law, games = made(name).unwrapped.initial_state_distrib, 20_000
    states = vector(name, games).reset(seed=int(rng.integers(2**31)))[0]["observation"]
    counts, possible = np.bincount(states, minlength=len(law)), np.asarray(law) > 0.0
    assert counts[~possible].sum() == 0
    assert possible.sum() == 1 or stats.chisquare(counts[possible], games * law[possible]).pvalue > FALSE_ALARM


def test_episodes_of_code_grid_are_those_of_gymnasium_s_own_vectors(rng: np.random.Generator) -> None:
    env, peer = vector("CodeGrid-v0", 40), SyncVectorEnv([lambda: made("CodeGrid-v0") for _ in range(40)])
    seen = [one.reset(seed=3)[0]["observation"] for one in (env, peer)]
    assert np.array_equal(*seen)
    wins = 0.0
    for _ in range(120):
        actions = np.where(rng.random(40) < 0.7, rng.choice((1, 3), 40), rng.integers(4, size=40))
        ours, theirs = env.step(actions), peer.step(actions)
        assert np.array_equal(ours[0]["observation"], theirs[0]["observation"])
        for mine, others in zip(ours[1:4], theirs[1:4], strict=True):
            assert np.array_equal(mine, others)
        assert np.array_equal(ours[4]["_action"], theirs[4].get("_action", np.zeros(40, dtype=bool)))
        played = ours[4]["_action"]
        assert np.array_equal(ours[4]["action"][played], theirs[4]["action"][played] if played.any() else [])
        told = [tuple(map(int, pair)) for pair in ours[4]["transition"][played]]
        assert told == list(theirs[4]["transition"][played] if played.any() else [])
        wins += ours[1].sum()
    assert wins > 10


def test_a_game_keeps_its_message_until_it_starts_anew(rng: np.random.Generator) -> None:
    env = vector("CodeGrid-v0", 100, messages=1000)
    message = env.reset(seed=int(rng.integers(2**31)))[0]["message"]
    changed = 0
    for _ in range(20):
        observation, *_, infos = env.step(rng.integers(4, size=100))
        moved = observation["message"] != message
        assert not moved[infos["_action"]].any()
        changed, message = changed + int(moved.sum()), observation["message"]
    assert changed > 100  # of 200 that start anew


def test_messages_of_vectors_follow_their_prior(rng: np.random.Generator) -> None:
    prior = np.array([0.5, 0.0, 0.3, 0.2])
    env = vector("CodeGrid-v0", 2000, messages=4, prior=prior)
    counts = np.bincount(env.reset(seed=int(rng.integers(2**31)))[0]["message"], minlength=4)
    assert counts[1] == 0
    assert stats.chisquare(counts[prior > 0], 2000 * prior[prior > 0]).pvalue > FALSE_ALARM


def test_one_seed_gives_one_run_of_a_vector() -> None:
    runs = []
    for _ in range(2):
        env = vector("CodeGridNoisy-v0", 6)
        env.reset(seed=9)
        runs.append([str(env.step(np.full(6, action))) for action in (0, 0, 2, 2, 1, 3)])
    assert runs[0] == runs[1]


def test_what_a_vector_returns_is_the_user_s_own() -> None:
    env, spoilt = vector("CodeGrid-v0", 4), vector("CodeGrid-v0", 4)
    returned = [env.reset(seed=1), spoilt.reset(seed=1)]
    for _ in range(12):
        assert str(returned[0]) == str(returned[1])
        for part in returned[1]:
            for array in part.values() if isinstance(part, dict) else [part]:
                array[...] = 1
        returned = [one.step(np.array([1, 3, 0, 2])) for one in (env, spoilt)]


def test_messages_of_vectors_can_be_asked_for() -> None:
    env = vector("CodeGrid-v0", 3)
    assert isinstance(env.observation_space, Dict)
    assert env.reset(options={"message": 7})[0]["message"].tolist() == [7, 7, 7]
    assert env.reset(options={"message": [1, 2, 3]})[0]["message"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (32, "message is 32; expected a whole number from 0 to 31"),
        ([1, 2], "2 messages are given; expected one, or one for each of 3 games"),
    ],
)
def test_wrong_messages_of_vectors_are_refused(message: Any, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        CodeGridVector(3).reset(options={"message": message})


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ([0, 4, 1], "action 4 of game 1 is not one of 0 to 3"),
        ([0, -1, 1], "action -1 of game 1 is not one of 0 to 3"),
        ([0, 1], "actions are int64 (2,); expected integers (3,)"),
        ([0.0, 1.0, 1.0], "actions are float64 (3,); expected integers (3,)"),
    ],
)
def test_wrong_actions_of_vectors_are_refused(actions: Any, said: str) -> None:
    env = CodeGridVector(3)
    env.reset()
    with pytest.raises(UserError, match=re.escape(said)):
        env.step(np.array(actions))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"num_envs": 0}, "num_envs is 0; expected a whole number of games, at least 1"),
        ({"messages": 0}, "messages is 0; expected a number of at least 1, a Discrete from 0 or a MultiBinary"),
        (
            {"messages": MultiBinary(4)},
            "messages is MultiBinary(4); a vector of games needs a Discrete or",
        ),
    ],
)
def test_wrong_arguments_of_vectors_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        CodeGridVector(**options)


def test_a_step_before_the_reset_is_refused() -> None:
    with pytest.raises(UserError, match="step comes before reset; reset the games first"):
        CodeGridVector(3).step(np.zeros(3, np.int64))


@pytest.mark.parametrize("horizon", [0, 2.5, True])
@pytest.mark.parametrize("name", VECTORS)
def test_wrong_horizons_are_refused(name: str, horizon: Any) -> None:
    said = re.escape(f"horizon is {horizon!r}; expected a whole number of steps, at least 1")
    for make in (made, lambda name, **options: vector(name, 2, **options)):
        with pytest.raises(UserError, match=said):
            make(name, horizon=horizon)
