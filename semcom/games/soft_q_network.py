"""The network of a soft Q function."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from gymnasium.spaces import Space, flatdim, flatten

from semcom.errors import UserError


def features(space: Space[Any], observation: Any) -> np.ndarray:
    """What the network sees of an observation, `[feature]`: numbers as they are, one of n as n zeros and ones."""
    return np.asarray(flatten(space, observation))


def shapes(environment: Any, hidden: Sequence[int]) -> list[tuple[int, ...]]:
    """Those of the weights, layer by layer the matrix `[in, out]` and the bias `[out]`.

    Raises UserError for observations without a fixed number of features.
    """
    space = environment.observation_space["observation"]
    try:
        count = flatdim(space)
    except ValueError:
        raise UserError(f"what is observed is {space}; a network needs a fixed number of features") from None
    layers = pairwise((count, *hidden, int(environment.action_space.n)))
    return [shape for inputs, units in layers for shape in ((inputs, units), (units,))]


def fresh(environment: Any, hidden: Sequence[int], seed: int) -> Any:
    """Q as a Keras model, `[batch, feature]` to `[batch, action]`, with orthogonal matrices and biases of nought."""
    from semcom_channels.backend import tf

    keras, layers = tf.keras, shapes(environment, hidden)[::2]
    seeds = np.random.default_rng(seed).integers(2**31, size=len(layers)).tolist()
    rectified = [*["relu"] * len(hidden), None]
    dense = [
        keras.layers.Dense(units, activation, kernel_initializer=keras.initializers.Orthogonal(seed=one))
        for (_, units), activation, one in zip(layers, rectified, seeds, strict=True)
    ]
    return keras.Sequential([keras.Input(layers[0][:1]), *dense])
