"""The grids are those of the papers, and play by their own transition probabilities."""

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats

from coding_games import TABULAR, made
from near import FALSE_ALARM
from semcom.errors import UserError
from semcom_envs.grid import Grid

LEFT, RIGHT, UP, DOWN = range(4)
START = 8 * 5 + 4


def model(name: str) -> Any:
    return made(name).unwrapped.P


def steps_to_goal(name: str) -> int:
    """The fewest moves from the start to a reward of one, by breadth."""
    env = made(name).unwrapped
    reached = {int(np.argmax(env.initial_state_distrib))}
    for steps in range(1, 100):
        entries = [entry for state in reached for outcomes in env.P[state].values() for entry in outcomes]
        if any(reward > 0 for _, _, reward, _ in entries):
            return steps
        reached |= {after for _, after, _, terminated in entries if not terminated}
    raise AssertionError("no way")


@pytest.mark.parametrize("name", TABULAR)
def test_probabilities_sum_to_one_and_states_are_observations(name: str) -> None:
    env = made(name)
    states = env.observation_space["observation"]
    assert set(env.unwrapped.P) == set(range(states.n))
    for actions in env.unwrapped.P.values():
        assert set(actions) == set(range(env.action_space.n))
        for outcomes in actions.values():
            assert sum(probability for probability, *_ in outcomes) == pytest.approx(1.0, abs=1e-12)
            assert all(after in states for _, after, _, _ in outcomes)


@pytest.mark.parametrize("name", TABULAR)
def test_steps_follow_the_transition_probabilities(name: str, rng: np.random.Generator) -> None:
    env = made(name)
    observation, _ = env.reset(seed=int(rng.integers(2**31)))
    counts: dict[tuple[int, int], Counter[tuple[int, float, bool]]] = {}
    for _ in range(6000):
        state, action = int(observation["observation"]), int(rng.integers(env.action_space.n))
        observation, reward, terminated, truncated, _ = env.step(action)
        seen = (int(observation["observation"]), float(reward), terminated)
        counts.setdefault((state, action), Counter())[seen] += 1
        if terminated or truncated:
            observation, _ = env.reset()
    judged = [chance(env.unwrapped.P[state][action], seen) for (state, action), seen in counts.items()]
    assert min(judged) > FALSE_ALARM / len(judged)


def chance(outcomes: Any, seen: Counter[tuple[int, float, bool]]) -> float:
    """The chance of counts at least as far from an entry of P, by the exact binomial test of each outcome."""
    law: Counter[tuple[int, float, bool]] = Counter()
    for probability, after, reward, terminated in outcomes:
        law[int(after), float(reward), bool(terminated)] += probability
    assert set(seen) <= set(law)
    trials = seen.total()
    return min(float(stats.binomtest(seen[key], trials, min(law[key], 1.0)).pvalue) for key in law)


def test_the_goal_of_code_grid_is_six_moves_away() -> None:
    assert steps_to_goal("CodeGrid-v0") == 6
    env = made("CodeGrid-v0")
    env.reset()
    played = [env.step(action) for action in (RIGHT, RIGHT, RIGHT, DOWN, DOWN, DOWN)]
    assert [step[1] for step in played] == [0.0] * 5 + [1.0]
    assert [step[2] for step in played] == [False] * 5 + [True]


def test_code_grid_stays_at_its_edges_and_truncates_after_eight_steps() -> None:
    env = made("CodeGrid-v0")
    env.reset()
    played = [env.step(action) for action in (LEFT, UP) * 4]
    assert [step[0]["observation"] for step in played] == [0] * 8
    assert [step[3] for step in played] == [False] * 7 + [True]


def test_the_one_way_of_the_noisy_grid_leads_through_the_corner() -> None:
    assert steps_to_goal("CodeGridNoisy-v0") == 16
    entries = model("CodeGridNoisy-v0")
    below = {START}
    while True:
        more = {after for state in below if state for moves in entries[state].values() for _, after, _, _ in moves}
        if more <= below:
            break
        below |= more
    assert all(state // 8 > state % 8 for state in below - {0})
    assert 0 in below


def test_the_noisy_grid_is_that_of_the_paper() -> None:
    entries = model("CodeGridNoisy-v0")
    rewards = {
        (after, reward, terminated)
        for actions in entries.values()
        for outcomes in actions.values()
        for _, after, reward, terminated in outcomes
        if reward
    }
    assert rewards == {(7, 1.0, True), (15, -1.0, True)}  # (0, -1) and (1, -1)
    for cell in range(1, 8):
        walls = {
            after
            for state in entries
            for moves in entries[state].values()
            for _, after, _, _ in moves
            if state != 9 * cell
        }
        assert 9 * cell not in walls
    assert entries[START][UP] == [(0.8, START, 0.0, False), (0.1, START - 1, 0.0, False), (0.1, START, 0.0, False)]
    env = made("CodeGridNoisy-v0").unwrapped
    assert env.discount == 0.95
    assert env.reset()[0] == START


@pytest.mark.parametrize(
    ("move", "sides"), [(LEFT, (UP, DOWN)), (RIGHT, (UP, DOWN)), (UP, (LEFT, RIGHT)), (DOWN, (LEFT, RIGHT))]
)
def test_moves_slip_to_either_side(move: int, sides: tuple[int, int]) -> None:
    middle, steps = 8 * 5 + 2, {LEFT: -1, RIGHT: 1, UP: -8, DOWN: 8}
    law = {after: probability for probability, after, _, _ in model("CodeGridNoisy-v0")[middle][move]}
    assert law == {middle + steps[move]: 0.8, middle + steps[sides[0]]: 0.1, middle + steps[sides[1]]: 0.1}


def test_text_and_picture_show_the_agent() -> None:
    env = made("CodeGrid-v0", render_mode="ansi")
    env.reset()
    env.step(DOWN)
    assert env.render() == "S...\nA...\n....\n...G\n"
    picture = made("CodeGrid-v0", render_mode="rgb_array")
    picture.reset()
    shown = picture.render()
    assert shown.shape == (64, 64, 3)
    assert (shown[0, 0] == (60, 90, 190)).all()
    assert (shown[-1, -1] == (90, 170, 90)).all()


@pytest.mark.parametrize(
    ("cells", "noise", "said"),
    [
        (("S.", "G"), 0.0, "cells have rows of [1, 2] letters; expected rows of one length"),
        ((), 0.0, "cells have rows of [] letters; expected rows of one length"),
        (("..", "G."), 0.0, "cells have 0 starts S; expected one"),
        (("SS", "G."), 0.0, "cells have 2 starts S; expected one"),
        (("Sg", ".."), 0.0, "cells have 'g'; expected S . # G T"),
        (("S.", "G."), 0.7, "noise is 0.7; expected 0 to 0.5, the probability of either side"),
    ],
)
def test_wrong_grids_are_refused(cells: tuple[str, ...], noise: float, said: str) -> None:
    with pytest.raises(UserError, match=re.escape(said)):
        Grid(cells, noise=noise)


@pytest.mark.parametrize("discount", [-0.1, 1.1, float("nan")])
def test_a_discount_that_is_none_is_refused(discount: float) -> None:
    with pytest.raises(UserError, match=f"discount is {discount:g}; expected 0 to 1"):
        Grid(("S.", ".G"), discount=discount)
