"""Policies by a network."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from semcom.coupling import Masses, to_masses
from semcom.coupling.elementary import exp
from semcom.games.soft_q_network import features
from semcom.games.softmax import softmax


class NetworkPlayer:
    """pi(a | s) ~ exp(Q(s, a) / beta), Q by a network with rectified layers.

    Both ends of a game compute the same masses to the last unit: in float64 by products and sums of elements in a fixed
    order, without a library of linear algebra, which would choose an order of its own.
    """

    def __init__(self, environment: Any, weights: Sequence[np.ndarray], log_beta: float) -> None:
        """`weights` are layer by layer a matrix `[in, out]` and a bias `[out]`."""
        self.actions = int(environment.action_space.n)
        self._space = environment.observation_space["observation"]
        exact = [weight.astype(np.float64) for weight in weights]
        self._layers = list(zip(exact[::2], exact[1::2], strict=True))
        self._beta = exp(np.array(log_beta))

    def law(self, step: int, observation: Any) -> Masses:
        """By what the network says, whatever the step."""
        return to_masses(softmax(self.worth(observation) / self._beta), "policy")

    def worth(self, observation: Any) -> np.ndarray:
        """Q(s, a), but for a constant, `[action]` float64."""
        value = features(self._space, observation).astype(np.float64)
        *hidden, last = self._layers
        for layer in hidden:
            value = np.maximum(_affine(value, *layer), 0.0)
        return _affine(value, *last)


def _affine(value: np.ndarray, matrix: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Values times a matrix, and a bias; the sum goes row by row, the first axis being the outer one."""
    return np.asarray((value[:, None] * matrix).sum(axis=0) + bias)
