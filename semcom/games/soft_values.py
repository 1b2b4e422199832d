"""Soft value iteration. [Ziebart 2010, section 6.2]"""

import numpy as np
from scipy.special import logsumexp, softmax

from semcom.errors import UserError
from semcom.games.decision_process import DecisionProcess

CHANGE = 1e-10  # of values, over the temperature, that ends the iteration
ITERATIONS = 1_000_000


def stationary(process: DecisionProcess, log_beta: float, discount: float) -> np.ndarray:
    """The policy for a game without a horizon, `[state, action]`; raises UserError when values do not settle."""
    if discount >= 1.0:
        raise UserError("discount is 1 and there is no horizon: values may not settle; give horizon, or a discount < 1")
    beta, values = np.exp(log_beta), np.zeros(len(process.rewards))
    for _ in range(ITERATIONS):
        worth = _worth(process, values, discount)
        better = beta * logsumexp(worth / beta, axis=1)
        done = np.max(np.abs(better - values)) < CHANGE * beta * (1.0 - discount)
        values = better
        if done:
            break
    else:
        raise UserError(f"values have not settled after {ITERATIONS:,} iterations; give horizon, or a smaller discount")
    return _policy(_worth(process, values, discount), beta)


def backwards(process: DecisionProcess, log_beta: float, discount: float, horizon: int) -> np.ndarray:
    """The policy for a game of so many steps, `[step, state, action]`."""
    beta, values = np.exp(log_beta), np.zeros(len(process.rewards))
    policy = np.empty((horizon, *process.rewards.shape))
    for step in reversed(range(horizon)):
        worth = _worth(process, values, discount)
        policy[step] = _policy(worth, beta)
        values = beta * logsumexp(worth / beta, axis=1)
    return policy


def _worth(process: DecisionProcess, values: np.ndarray, discount: float) -> np.ndarray:
    return np.asarray(process.rewards + discount * (process.going_on @ values))


def _policy(worth: np.ndarray, beta: float) -> np.ndarray:
    return np.asarray(softmax(worth / beta, axis=1))
