"""What every registered environment promises."""

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from gymnasium.spaces import Discrete
from gymnasium.utils.env_checker import check_env

from coding_games import made, marked

HEADINGS = ("Action Space", "Observation Space", "Rewards", "Starting State", "Episode End", "Version History")


@pytest.fixture(params=marked())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# a coding game is a wrapper, which Gymnasium's checker mentions; CartPole's speeds have no bound
@pytest.mark.filterwarnings("ignore:.*A Box observation space m..imum value is")
@pytest.mark.filterwarnings("ignore:.*is different from the unwrapped version")
def test_gymnasium_finds_no_fault(name: str) -> None:
    check_env(made(name))


def test_the_class_says_what_gymnasium_s_classes_say(name: str) -> None:
    text = str(type(made(name).env.env).__doc__)
    assert tuple(re.findall("## (.*)", text)) == HEADINGS


def test_the_spec_makes_the_same_environment_again(name: str) -> None:
    env = made(name, messages=3)
    again = env.spec.make()
    assert env.observation_space == again.observation_space
    assert env.observation_space["message"] == Discrete(3)
    assert type(env.env.env) is type(again.env.env.env)


def test_numbers_are_of_their_space_s_own_type(name: str) -> None:
    env = made(name)
    observation, _ = env.reset(seed=0)
    following = env.step(0)[0]
    for part, space in env.observation_space.items():
        assert observation[part].dtype == following[part].dtype == space.dtype


def test_an_episode_ends_by_the_horizon(name: str) -> None:
    env = made(name, horizon=2)
    for seed in range(5):
        env.reset(seed=seed)
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if not terminated:
            assert not truncated
            assert env.step(env.action_space.sample())[3]


def test_what_a_user_does_to_what_is_returned_changes_nothing(name: str) -> None:
    env, spoilt = made(name), made(name)
    ends = False
    returned = [one.reset(seed=4) for one in (env, spoilt)]
    while not ends:
        assert str(returned[0]) == str(returned[1])
        for part in returned[1]:
            spoil(part)
        returned = [one.step(0) for one in (env, spoilt)]
        ends = returned[0][2] or returned[0][3]
    assert str(returned[0]) == str(returned[1])


def spoil(thing: Any) -> None:
    """Fills arrays with nines and dictionaries with nonsense."""
    if isinstance(thing, np.ndarray):
        thing[...] = 9
    elif isinstance(thing, dict):
        for value in thing.values():
            spoil(value)
        thing["nonsense"] = 1
    elif isinstance(thing, tuple):
        for value in thing:
            spoil(value)


def test_importing_registers_and_loads_no_environment() -> None:
    code = "import semcom_envs, sys; print(*sorted(m for m in sys.modules if m.startswith(('semcom', 'tensorflow'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["semcom_envs"]
