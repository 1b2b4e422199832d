"""The networks of `vib_classifier`."""

import math
from typing import Any

from semcom.transceivers.layers import convolution, dense, keras, seeds
from semcom_channels.backend import tf
from semcom_channels.tensors import Tensor

FILTERS = ((16, 1), (32, 2))  # filters and stride, kernels 3x3
POWER_OF_A_VALUE = 0.5  # a symbol of unit power has two real values


class Networks(keras.Model):  # type: ignore[misc]
    """Two convolutions and two dense layers speak, two dense layers understand, and a diagonal Gaussian q."""

    def __init__(self, channel_uses: int, hidden: int, classes: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        values = 2 * channel_uses
        encoder: list[Any] = []
        for filters, stride in FILTERS:
            encoder += [convolution(filters, 3, stride, next(source)), keras.layers.ReLU()]
        encoder += [keras.layers.Flatten(), dense(hidden, "relu", next(source)), dense(values, None, next(source))]
        self.encoder = keras.Sequential([keras.Input((8, 8, 1)), *encoder])
        classifier = [dense(hidden, "relu", next(source)), dense(classes, None, next(source))]
        self.classifier = keras.Sequential([keras.Input((values,)), *classifier])
        self.prior_mean = self.add_weight(shape=(values,), initializer="zeros", name="prior_mean")
        spread = keras.initializers.Constant(math.log(POWER_OF_A_VALUE))
        self.prior_log_variance = self.add_weight(shape=(values,), initializer=spread, name="prior_log_variance")

    def encode(self, pictures: Tensor) -> Tensor:
        """Values `[batch, 2 * uses]`."""
        return self.encoder(pictures)

    def classify(self, values: Tensor) -> Tensor:
        """Logits `[batch, classes]`."""
        return self.classifier(values)

    def rate(self, values: Tensor, noise: Tensor) -> Tensor:
        """KL(N(values, noise) || N(mean, variance + noise)), `[batch]` nats, for noise `[batch, 2 * uses]`."""
        spread = tf.exp(self.prior_log_variance) + noise
        return tf.reduce_sum(gaussian_divergence(values, noise, self.prior_mean, spread), axis=1)


def gaussian_divergence(mean: Tensor, variance: Tensor, other_mean: Tensor, other_variance: Tensor) -> Tensor:
    """KL(N(m, v) || N(m', v')) = [log(v' / v) + (v + (m - m')^2) / v' - 1] / 2 nats, for scalars, element by element.

    [Cover & Thomas 2006, section 8.5]
    """
    ratio = (variance + tf.square(mean - other_mean)) / other_variance
    return 0.5 * (tf.math.log(other_variance / variance) + ratio - 1.0)
