"""Many games of one law, played at once in a decision process."""

from typing import NamedTuple

import numpy as np

from semcom.games.decision_process import DecisionProcess


class Played(NamedTuple):
    """What happened, and what a receiver that knows the law and sees all believes."""

    messages: np.ndarray
    """`[game]`."""
    states: np.ndarray
    """Before each step, `[step, game]`."""
    actions: np.ndarray
    """`[step, game]`."""
    playing: np.ndarray
    """Whether the game goes on, `[step, game]`."""
    rewards: np.ndarray
    """E[r | s, a], 0 when it is over, `[step, game]`."""
    log_beliefs: np.ndarray
    """ln b_t(m) of the message that is meant, before each step and at the end, `[step + 1, game]`."""


class World:
    """A decision process from which outcomes are drawn by the thousand."""

    def __init__(self, process: DecisionProcess, starts: np.ndarray) -> None:
        self.rewards = process.rewards
        self._starts = _cumulated(starts)
        self._after = _cumulated(process.transitions)
        known = np.where(process.transitions > 0.0, process.transitions, 1.0)
        self._goes_on = process.going_on / known

    def begin(self, games: int, rng: np.random.Generator) -> np.ndarray:
        """First states, `[game]`."""
        return np.searchsorted(self._starts, rng.random(games), side="right")

    def follow(
        self, states: np.ndarray, actions: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """What comes next, and whether the game goes on, `[game]`."""
        after = (self._after[states, actions] <= rng.random(states.size)[:, None]).sum(axis=1)
        return after, rng.random(states.size) < self._goes_on[states, actions, after]


def play(world: World, log_laws: np.ndarray, prior: np.ndarray, games: int, rng: np.random.Generator) -> Played:
    """Plays games of messages by a prior `[message]`, by a law `[step, state, action, message]` of logarithms."""
    steps, _, actions, _ = log_laws.shape
    messages, each = _messages(prior, games, rng), np.arange(games)
    seen, on = world.begin(games, rng), np.ones(games, bool)
    with np.errstate(divide="ignore"):
        evidence = np.tile(np.log(prior / prior.max()).astype(np.float32), (games, 1))
    beliefs = [np.log(prior[messages])]
    likelihoods = log_laws.astype(np.float32)
    states, done, playing, rewards = [], [], [], []
    for step in range(steps):
        below = np.exp(log_laws[step, seen, :, messages]).cumsum(axis=1)[:, : actions - 1]
        chosen = (below <= rng.random(games)[:, None]).sum(axis=1)
        states.append(seen)
        done.append(chosen)
        playing.append(on)
        rewards.append(world.rewards[seen, chosen] * on)
        evidence += likelihoods[step, seen, chosen] * on[:, None]
        evidence -= evidence.max(axis=1, keepdims=True)
        beliefs.append(evidence[each, messages] - np.log(np.exp(evidence).sum(axis=1)))
        seen, goes_on = world.follow(seen, chosen, rng)
        on = on & goes_on
    kept = (np.array(states), np.array(done), np.array(playing), np.array(rewards), np.array(beliefs, np.float64))
    return Played(messages, *kept)


def _messages(prior: np.ndarray, games: int, rng: np.random.Generator) -> np.ndarray:
    """Messages `[game]`; even ones by whole numbers, of which each takes less randomness."""
    if np.ptp(prior) == 0.0:
        return rng.integers(prior.size, size=games)
    return np.searchsorted(_cumulated(prior), rng.random(games), side="right")


def _cumulated(law: np.ndarray) -> np.ndarray:
    """Cumulative probabilities along the last axis that end at exactly 1."""
    total = np.cumsum(law, axis=-1)
    return np.asarray(np.where(total >= total[..., -1:], 1.0, total))
