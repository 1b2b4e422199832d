"""Sender and receiver as two agents of PettingZoo."""

import re
from typing import Any

import gymnasium
import numpy as np
import pytest
from pettingzoo.env_registry.registration import make
from pettingzoo.test import parallel_api_test, parallel_seed_test

from coding_games import marked
from semcom.action_links import ErasureLink
from semcom.errors import UserError
from semcom_envs.parallel_coding import RECEIVER, SENDER, ParallelCodingGame, parallel_env

RIGHT, DOWN = 1, 3
WAIT = 32
TO_GOAL = (RIGHT, RIGHT, RIGHT, DOWN, DOWN, DOWN)


def played(env: ParallelCodingGame, moves: tuple[int, ...], message: int) -> list[Any]:
    env.reset(seed=1, options={"message": message})
    return [env.step({SENDER: move, RECEIVER: WAIT}) for move in moves]


@pytest.mark.parametrize("name", marked())
def test_pettingzoo_finds_no_fault(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parallel_api_test(make("parallel", f"semcom/{name}"), num_cycles=1000)
    parallel_seed_test(lambda: make("parallel", f"semcom/{name}"))
    assert "Passed" in capsys.readouterr().out


@pytest.mark.parametrize("name", marked())
def test_observations_are_in_their_spaces(name: str) -> None:
    env = make("parallel", f"semcom/{name}", horizon=3)
    observations, _ = env.reset(seed=0)
    while env.agents:
        for agent in env.agents:
            assert observations[agent] in env.observation_space(agent)
        observations, *_ = env.step({agent: env.action_space(agent).sample() for agent in env.agents})
    for agent in env.possible_agents:
        assert observations[agent] in env.observation_space(agent)
    assert env.step({}) == ({}, {}, {}, {}, {})
    env.close()


def test_a_registered_game_keeps_its_own_messages_and_horizon() -> None:
    env = parallel_env("CodeGridNoisy-v0")
    assert env.action_space(RECEIVER).n == 513
    assert env.game.spec is not None
    assert env.game.spec.max_episode_steps == 100


def test_the_receiver_guesses_when_the_game_has_ended() -> None:
    env = parallel_env(message_reward=5.0)
    *_, last = played(env, TO_GOAL, 3)
    observations, rewards, terminated, truncated, _ = last
    assert rewards == {SENDER: 1.0, RECEIVER: 1.0}
    assert not any([*terminated.values(), *truncated.values()])
    assert observations[SENDER]["phase"] == observations[RECEIVER]["phase"] == 1
    observations, rewards, terminated, truncated, _ = env.step({SENDER: RIGHT, RECEIVER: 3})
    assert rewards == {SENDER: 5.0, RECEIVER: 5.0}
    assert terminated == {SENDER: True, RECEIVER: True}
    assert not any(truncated.values())
    assert env.agents == []


@pytest.mark.parametrize("guess", [4, WAIT])
def test_a_wrong_guess_and_silence_earn_nothing(guess: int) -> None:
    env = parallel_env(horizon=2)
    played(env, (RIGHT, DOWN), 3)
    assert env.step({SENDER: RIGHT, RECEIVER: guess})[1] == {SENDER: 0.0, RECEIVER: 0.0}


def test_the_receiver_is_heard_in_its_phase_alone() -> None:
    env = parallel_env(horizon=2)
    env.reset(options={"message": 3})
    observations, rewards, terminated, *_ = env.step({SENDER: RIGHT, RECEIVER: 3})
    assert rewards == {SENDER: 0.0, RECEIVER: 0.0}
    assert not any(terminated.values())
    assert observations[RECEIVER]["action_mask"].tolist() == [0] * 32 + [1]
    observations, *_ = env.step({SENDER: RIGHT, RECEIVER: WAIT})
    assert observations[RECEIVER]["action_mask"].tolist() == [1] * 32 + [0]


def test_the_receiver_sees_actions_and_never_the_message() -> None:
    env = parallel_env()
    observations, infos = env.reset(options={"message": 3})
    assert observations[SENDER]["message"] == 3
    assert observations[RECEIVER]["likelihood"].tolist() == [0.0] * 4
    observations, *_, infos = env.step({SENDER: DOWN, RECEIVER: WAIT})
    assert observations[RECEIVER]["likelihood"].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert observations[RECEIVER]["observation"] == 4
    assert set(observations[RECEIVER]) == {"observation", "likelihood", "phase", "action_mask"}
    assert infos[RECEIVER] == {}
    assert infos[SENDER]["action"] == DOWN


def test_a_noisy_link_stands_between_them() -> None:
    env = parallel_env(action_link=ErasureLink(erasure_probability=1.0))
    observations = played(env, (DOWN,), 3)[0][0]
    assert np.ptp(observations[RECEIVER]["likelihood"]) == 0.0


def test_it_shows_what_the_game_shows() -> None:
    env = parallel_env(render_mode="ansi")
    env.reset()
    assert env.render() == "A...\n....\n....\n...G\n"
    assert env.metadata["render_modes"] == ["ansi", "rgb_array"]


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        ({SENDER: 0}, "actions are of sender_0; expected those of receiver_0, sender_0"),
        ({SENDER: 4, RECEIVER: 0}, "action of sender_0 is 4; expected one of Discrete(4)"),
        ({SENDER: 0, RECEIVER: 33}, "action of receiver_0 is 33; expected one of Discrete(33)"),
    ],
)
def test_wrong_actions_are_refused(actions: dict[str, Any], said: str) -> None:
    env = parallel_env()
    env.reset()
    with pytest.raises(UserError, match=re.escape(said)):
        env.step(actions)


def test_a_game_without_messages_is_refused() -> None:
    with pytest.raises(UserError, match="is no coding game; wrap it in MarkovCodingWrapper"):
        ParallelCodingGame(gymnasium.make("FrozenLake-v1"))


def test_a_guess_is_rewarded_once() -> None:
    with pytest.raises(UserError, match="a message_reward of its own; give it to ParallelCodingGame alone"):
        ParallelCodingGame(gymnasium.make("semcom_envs:CodeGrid-v0", message_reward=1.0))


def test_a_receiver_of_bits_guesses_all_of_them() -> None:
    env = parallel_env("CodeCart-v0", horizon=1)
    rewards = []
    for wrong in (0, 1):
        observations, _ = env.reset(seed=3)
        guess = observations[SENDER]["message"].copy()
        assert set(observations[RECEIVER]) == {"observation", "likelihood", "phase"}
        env.step({SENDER: 0, RECEIVER: guess})
        assert len(env.agents) == 2
        guess[7] ^= wrong
        rewards.append(env.step({SENDER: 0, RECEIVER: guess})[1][RECEIVER])
    assert rewards == [1.0, 0.0]


def test_a_prior_says_which_messages_come(rng: np.random.Generator) -> None:
    env = parallel_env(messages=3, prior=[0.0, 1.0, 0.0])
    assert all(env.reset(seed=int(seed))[0][SENDER]["message"] == 1 for seed in rng.integers(2**31, size=20))
