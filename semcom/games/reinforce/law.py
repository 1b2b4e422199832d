"""A sender's law from its logits, and how the law changes with them."""

import numpy as np
from scipy.special import log_softmax

from semcom.games.reinforce.played import Played
from semcom.games.softmax import softmax

ACTION = 2
"""The axis of tables `[step, state, action, message]` along which a law sums to 1."""


def log_laws_of(logits: np.ndarray) -> np.ndarray:
    """The logarithm of pi(a | step, state, message), `[step, state, action, message]`."""
    return np.asarray(log_softmax(logits.astype(np.float64), axis=ACTION))


def laws_of(logits: np.ndarray) -> np.ndarray:
    """pi(a | step, state, message), `[step, state, action, message]`, the same on any machine."""
    return np.moveaxis(softmax(np.moveaxis(logits.astype(np.float64), ACTION, -1)), -1, ACTION)


def likelihood_gradient(laws: np.ndarray, played: Played, worth: np.ndarray) -> np.ndarray:
    """The gradient of sum_t worth_t ln pi(a_t | t, s_t, m) by the logits, averaged over games.

    `worth` is `[step, game]`. Of a softmax: d ln pi(a) / d logit(a') = 1(a = a') - pi(a').
    """
    gradient = np.empty_like(laws)
    for step, law in enumerate(laws):
        at = visits(played, step, law, worth[step])
        gradient[step] = at - law * at.sum(axis=1, keepdims=True)
    return gradient / played.messages.size


def entropy_gradient(laws: np.ndarray, log_laws: np.ndarray, played: Played) -> np.ndarray:
    """The gradient of sum_t H(pi(. | t, s_t, m)) by the logits, states fixed, averaged over games; in nats."""
    gradient = np.empty_like(laws)
    for step, (law, log_law) in enumerate(zip(laws, log_laws, strict=True)):
        count = visits(played, step, law, np.ones(played.messages.size)).sum(axis=1, keepdims=True)
        entropy = -(law * log_law).sum(axis=1, keepdims=True)
        gradient[step] = -count * law * (log_law + entropy)
    return gradient / played.messages.size


def visits(played: Played, step: int, law: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weights `[game]` of games that play this step, summed where they are, `[state, action, message]`."""
    on = played.playing[step]
    where = (played.states[step, on], played.actions[step, on], played.messages[on])
    flat = np.ravel_multi_index(where, law.shape)
    return np.bincount(flat, weights[on], law.size).reshape(law.shape)
