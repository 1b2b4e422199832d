"""Markov decision processes as arrays."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from gymnasium.spaces import Dict, Discrete

from semcom.errors import UserError

Table = Mapping[int, Mapping[int, Sequence[tuple[float, int, float, bool]]]]
"""For each state and action the (probability, next state, reward, whether the game ends) of toy-text environments."""


class DecisionProcess(NamedTuple):
    """States, actions and what they lead to."""

    transitions: np.ndarray
    """P(s' | s, a), `[state, action, state]`; each sums to 1 over the last axis."""
    going_on: np.ndarray
    """P(s' and the game goes on | s, a), `[state, action, state]`."""
    rewards: np.ndarray
    """E[r | s, a], `[state, action]`."""

    @property
    def actions(self) -> int:
        """How many there are."""
        return int(self.rewards.shape[1])


def of_table(table: Table) -> DecisionProcess:
    """The process of a table; raises UserError for one that is no law, or whose states and actions have gaps."""
    _check(table)
    states, actions = len(table), len(table[0])
    transitions, going_on = np.zeros((2, states, actions, states))
    rewards = np.zeros((states, actions))
    for state, choices in table.items():
        for action, outcomes in choices.items():
            for probability, following, reward, ends in outcomes:
                transitions[state, action, following] += probability
                going_on[state, action, following] += probability * (not ends)
                rewards[state, action] += probability * reward
    sums = transitions.sum(axis=2)
    if not np.allclose(sums, 1.0, atol=1e-6):
        state, action = np.argwhere(~np.isclose(sums, 1.0, atol=1e-6))[0]
        raise UserError(f"P[{state}][{action}] sums to {sums[state, action]:g}; expected probabilities that sum to 1")
    return DecisionProcess(transitions, going_on, rewards)


def _check(table: Table) -> None:
    states = set(table)
    if states != set(range(len(table))):
        raise UserError(f"P has the states {sorted(states)[:5]}...; expected 0 to {len(table) - 1} without gaps")
    for state, choices in table.items():
        if set(choices) != set(range(len(table[0]))):
            raise UserError(f"P[{state}] has the actions {sorted(choices)}; expected 0 to {len(table[0]) - 1}, as P[0]")
        for action, outcomes in choices.items():
            for probability, following, reward, _ in outcomes:
                if not (probability >= 0.0 and following in states and np.isfinite(reward)):
                    raise UserError(
                        f"P[{state}][{action}] leads with probability {probability:g} to {following} for a reward of "
                        f"{reward:g}; expected 0 or more, a state of P, and a number"
                    )


def of_environment(environment: Any) -> DecisionProcess:
    """The process of a coding game that says its law, `unwrapped.P`, and shows the state; UserError for another."""
    table = getattr(environment.unwrapped, "P", None)
    if table is None:
        raise UserError("the environment has no table P of its transitions; this policy needs one")
    if not all(isinstance(state, int | np.integer) for state in table):
        raise UserError("P has states that are no whole numbers; this policy needs them numbered from 0")
    if not shows_state(environment):
        shown = environment.observation_space["observation"]
        raise UserError(f"what is observed is {shown}; a policy by the table P needs the state, Discrete({len(table)})")
    return of_table(table)


def shows_state(environment: Any) -> bool:
    """Whether what a coding game shows beside the message is the state of a table `unwrapped.P`."""
    table, own = getattr(environment.unwrapped, "P", None), environment.unwrapped.observation_space
    state = own["observation"] if isinstance(own, Dict) else own
    return table is not None and environment.observation_space["observation"] == state == Discrete(len(table))
