"""Soft Q-learning. [Haarnoja et al. 2017, arXiv 1702.08165; Schulman et al. 2017, arXiv 1704.06440]"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from semcom.games.environment import Setting
from semcom.games.memory import Memory, Transitions
from semcom.games.policies.soft_q import SoftQ
from semcom.games.side_by_side import SideBySide
from semcom.games.soft_q_network import fresh
from semcom.learning import Lesson
from semcom_channels.backend import graph, tf

MOST_RANDOM = 0.5  # share of actions that the last of the games plays at random; the first plays none so
WARM_UP = 100  # steps of each game that are played at random before anything is learned
FOLLOWING = 0.01  # by how much the slow copy nears Q in each step of Adam [Polyak averaging]
LAST_RATE = 0.01  # of the first
REPORT_EVERY = 100


def train(setting: Setting, policy: SoftQ) -> Iterator[Lesson]:
    """Trains a fresh network and reports now and then: the same weights each time on one kind of processor."""
    training = policy.training
    rng = np.random.default_rng(training.seed)
    games = SideBySide([setting.made() for _ in range(training.games)], rng)
    memory = Memory(training.memory, games.now.shape[1])
    for _ in range(WARM_UP):
        memory.keep(games.play(rng.integers(games.actions, size=training.games)))
    network, slow = (fresh(games.environments[0], policy.hidden, training.seed) for _ in range(2))
    for one in (network, slow):
        one.layers[-1].bias.assign(np.full(games.actions, _of_a_game_without_end(memory, games.actions, policy)))
    descend = _descent(network, slow, policy)
    worth, losses = network(games.now).numpy(), []
    for step in range(1, training.steps + 1):
        memory.keep(games.play(_chosen(worth, policy, rng)))
        loss, found = descend(memory.draw((training.games, training.batch), rng), tf.constant(games.now))
        worth = found.numpy()
        losses.append(float(loss))
        if step % REPORT_EVERY == 0 or step == training.steps:
            yield Lesson(step, float(np.mean(losses)), _without_level(network))
            losses.clear()


def _chosen(worth: np.ndarray, policy: SoftQ, rng: np.random.Generator) -> np.ndarray:
    """By exp(Q / beta), and at random the more often the later the game: what the policy avoids has to be learned too.

    A share for each game of those in parallel as by Horgan et al. 2018 (arXiv 1803.00933). `[game]`, counted from 0.
    """
    games, actions = worth.shape
    soft = np.argmax(worth / np.exp(policy.log_beta) + rng.gumbel(size=worth.shape), axis=1)
    at_random = rng.random(games) < np.linspace(0.0, MOST_RANDOM, games)
    return np.where(at_random, rng.integers(actions, size=games), soft)


def _of_a_game_without_end(memory: Memory, actions: int, policy: SoftQ) -> float:
    """V of a random player who is rewarded as in the warm-up for ever: learning starts from there, not from nought."""
    each_step = memory.mean_reward + np.exp(policy.log_beta) * np.log(actions)
    return float(each_step / (1.0 - policy.discount))


def _without_level(network: Any) -> list[np.ndarray]:
    """The weights, less what the biases of Q have in common: no policy depends on it, and it would cost digits."""
    weights = [variable.numpy() for variable in network.variables]
    weights[-1] = weights[-1] - weights[-1].mean()
    return weights


def _descent(network: Any, slow: Any, policy: SoftQ) -> Callable[[Transitions, Any], tuple[Any, Any]]:
    """Several steps of Adam in one graph, since the call of a graph takes longer than what is in it."""
    training, beta = policy.training, float(np.exp(policy.log_beta))
    schedule = tf.keras.optimizers.schedules.CosineDecay(
        training.learning_rate, training.steps * training.games, LAST_RATE
    )
    optimiser = tf.keras.optimizers.Adam(schedule)
    optimiser.build(network.trainable_variables)

    def one(seen: Transitions, place: int) -> Any:
        soft = beta * tf.reduce_logsumexp(slow(seen.after[place]) / beta, axis=1)
        target = seen.reward[place] + policy.discount * seen.going_on[place] * soft
        with tf.GradientTape() as tape:
            worth = tf.gather(network(seen.before[place]), seen.action[place], batch_dims=1)
            loss = tf.reduce_mean(tf.square(worth - target))
        variables = network.trainable_variables
        optimiser.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for follower, leader in zip(slow.variables, network.variables, strict=True):
            follower.assign_add(FOLLOWING * (leader - follower))
        return loss

    @graph
    def several(seen: Transitions, now: Any) -> Any:
        losses = [one(seen, place) for place in range(training.games)]
        return tf.reduce_mean(losses), network(now)

    return several
