"""Policy gradient with a baseline. [Williams 1992]"""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, log, pi
from typing import TYPE_CHECKING

import numpy as np

from semcom.games.decision_process import DecisionProcess
from semcom.games.reinforce.adam import Adam
from semcom.games.reinforce.law import entropy_gradient, likelihood_gradient, log_laws_of, visits
from semcom.games.reinforce.played import Played, World, play
from semcom.learning import Lesson

if TYPE_CHECKING:
    from semcom.games.coders.reinforce_bayes import PolicyGradient, ReinforceBayes

LAST_RATE = 0.01  # of the first
FORGETS = 0.1  # of the baseline in each step
REPORT_EVERY = 50


def train(coder: ReinforceBayes, process: DecisionProcess, starts: np.ndarray, prior: np.ndarray) -> Iterator[Lesson]:
    """Learns logits `[step, state, action, message]` and reports now and then; the same ones for the same seed.

    Messages are drawn by a prior `[message]`.
    """
    training = coder.training
    world, rng = World(process, starts), np.random.default_rng(training.seed)
    logits = np.zeros((coder.horizon, *process.rewards.shape, prior.size))
    baseline, adam = Baseline(logits.shape), Adam(logits.shape)
    losses: list[float] = []
    for step in range(training.steps):
        log_laws = log_laws_of(logits)
        played, laws = play(world, log_laws, prior, training.batch, rng), np.exp(log_laws)
        won = to_come(played, coder.discount, training.bit_worth)
        slope = likelihood_gradient(laws, played, won - baseline.of(played))
        fading = schedule(step, training)
        if training.entropy_worth:
            slope += fading * training.entropy_worth / log(2.0) * entropy_gradient(laws, log_laws, played)
        baseline.learn(played, won, laws)
        logits = logits + adam.step(slope, fading * training.learning_rate)
        losses.append(-float(won[0].mean()))
        if (step + 1) % REPORT_EVERY == 0 or step + 1 == training.steps:
            yield Lesson(step + 1, float(np.mean(losses)), [logits])
            losses.clear()


def schedule(step: int, training: PolicyGradient) -> float:
    """The part of the first learning rate: half a cosine from 1 down to a hundredth."""
    return LAST_RATE + (1.0 - LAST_RATE) * 0.5 * (1.0 + cos(pi * step / training.steps))


def to_come(played: Played, discount: float, bit_worth: float) -> np.ndarray:
    """The discounted return after each step, and bits of the message that are learnt then, times their worth.

    `[step, game]`, as seen from the start of the game: gamma^t is not divided out. The gradient of the posterior itself
    vanishes on average, since it is the true one: ln b_T(m) is a reward like any other, and E[log2 b_T(m) / b_0(m)] is
    I(message; game). What b_t(m) is before step t is known then, so that it may be taken off.
    """
    steps = len(played.rewards)
    rewards = played.rewards * discount ** np.arange(steps)[:, None]
    bits = (played.log_beliefs[-1] - played.log_beliefs[:-1]) / log(2.0)
    return np.asarray(rewards[::-1].cumsum(axis=0)[::-1] + bit_worth * bits)


class Baseline:
    """What is to come on average at a step, a state and a message, a running mean: no action changes it."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        steps, states, _, messages = shape
        self._means = np.zeros((steps, states, messages))

    def of(self, played: Played) -> np.ndarray:
        """For each step of each game, `[step, game]`."""
        steps = np.arange(len(self._means))[:, None]
        return np.asarray(self._means[steps, played.states, played.messages])

    def learn(self, played: Played, won: np.ndarray, laws: np.ndarray) -> None:
        """A part of the way to the means of these games."""
        ones = np.ones(played.messages.size)
        for step, law in enumerate(laws):
            count = visits(played, step, law, ones).sum(axis=1)
            total = visits(played, step, law, won[step]).sum(axis=1)
            seen = count > 0
            self._means[step][seen] += FORGETS * (total[seen] / count[seen] - self._means[step][seen])
