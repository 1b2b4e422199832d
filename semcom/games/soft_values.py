"""Soft value iteration. [Ziebart 2010, section 6.2]

Both ends of a game compute the same policy to the last bit: sums go in a fixed order, without a library of linear
algebra, which would choose an order of its own.
"""

import numpy as np

from semcom.coupling.elementary import exp
from semcom.errors import UserError
from semcom.games.decision_process import DecisionProcess
from semcom.games.softmax import soft_maximum, softmax

CHANGE = 1e-10  # of values, over the temperature, that ends the iteration
ITERATIONS = 1_000_000


def stationary(process: DecisionProcess, log_beta: float, discount: float) -> np.ndarray:
    """The policy for a game without a horizon, `[state, action]`; raises UserError when values do not settle."""
    if discount >= 1.0:
        raise UserError("discount is 1 and there is no horizon: values may not settle; give horizon, or a discount < 1")
    beta, ahead, values = exp(np.array(log_beta)), Ahead(process, discount), np.zeros(len(process.rewards))
    for _ in range(ITERATIONS):
        better = beta * soft_maximum(ahead.worth(values) / beta)
        done = np.max(np.abs(better - values)) < CHANGE * beta * (1.0 - discount)
        values = better
        if done:
            break
    else:
        raise UserError(f"values have not settled after {ITERATIONS:,} iterations; give horizon, or a smaller discount")
    return softmax(ahead.worth(values) / beta)


def backwards(process: DecisionProcess, log_beta: float, discount: float, horizon: int) -> np.ndarray:
    """The policy for a game of so many steps, `[step, state, action]`."""
    beta, ahead, values = exp(np.array(log_beta)), Ahead(process, discount), np.zeros(len(process.rewards))
    policy = np.empty((horizon, *process.rewards.shape))
    for step in reversed(range(horizon)):
        worth = ahead.worth(values)
        policy[step] = softmax(worth / beta)
        values = beta * soft_maximum(worth / beta)
    return policy


class Ahead:
    """A step of a process, by what it can lead to."""

    def __init__(self, process: DecisionProcess, discount: float) -> None:
        self._rewards = process.rewards
        going_on = process.going_on.reshape(process.rewards.size, -1)
        self._pair, self._following = np.nonzero(going_on)
        self._chance = discount * going_on[self._pair, self._following]

    def worth(self, values: np.ndarray) -> np.ndarray:
        """Q(s, a) = E[r + gamma V(s')], `[state, action]`."""
        later = np.bincount(self._pair, self._chance * values[self._following], self._rewards.size)
        return np.asarray(self._rewards + later.reshape(self._rewards.shape))
