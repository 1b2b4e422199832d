"""Layers that the learned transceivers share, each with its own seed."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from semcom_channels.backend import tf

keras: Any = tf.keras


def seeds(seed: int) -> Iterator[int]:
    """Endless distinct seeds, one for each layer."""
    rng = np.random.default_rng(seed)
    while True:
        yield int(rng.integers(2**31))


def convolution(filters: int, size: int, stride: int, seed: int) -> Any:
    """A convolution whose output is `stride` times smaller."""
    initial = keras.initializers.Orthogonal(seed=seed)
    return keras.layers.Conv2D(filters, size, stride, "same", kernel_initializer=initial)


def transposed(filters: int, size: int, stride: int, seed: int) -> Any:
    """A transposed convolution whose output is `stride` times larger."""
    initial = keras.initializers.Orthogonal(seed=seed)
    return keras.layers.Conv2DTranspose(filters, size, stride, "same", kernel_initializer=initial)


def dense(units: int, activation: str | None, seed: int) -> Any:
    """A dense layer."""
    initial = keras.initializers.Orthogonal(seed=seed)
    return keras.layers.Dense(units, activation, kernel_initializer=initial)


def prelu() -> Any:
    """max(x, 0) + a min(x, 0) with one a per filter. [He et al. 2015]"""
    return keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25), shared_axes=[1, 2])


class DivisiveNormalisation(keras.layers.Layer):  # type: ignore[misc]
    """GDN: y_i = x_i / sqrt(b_i + sum_j g_ij x_j^2); its inverse multiplies. [Balle et al. 2016, eq. 4]

    Squares of the trained values keep b and g positive.
    """

    def __init__(self, inverse: bool = False) -> None:
        super().__init__()
        self.inverse = inverse

    def build(self, shape: tuple[int, ...]) -> None:
        """Starts at b = 1 and g = 0.1 on the diagonal."""
        filters = shape[-1]
        self.root_beta = self.add_weight(shape=(filters,), initializer="ones", name="root_beta")
        self.root_gamma = self.add_weight(shape=(filters, filters), initializer=_initial_root_gamma, name="root_gamma")

    def call(self, values: Any) -> Any:
        """`[batch, height, width, filters]` in and out."""
        gamma = tf.square(self.root_gamma)[None, None]
        norm = tf.nn.conv2d(tf.square(values), gamma, 1, "SAME") + tf.square(self.root_beta)
        return values * (tf.sqrt(norm) if self.inverse else tf.math.rsqrt(norm))


def _initial_root_gamma(shape: tuple[int, int], dtype: Any) -> Any:
    return tf.sqrt(0.1 * tf.eye(*shape, dtype=dtype) + 1e-6)


class SnrAttention(keras.layers.Layer):  # type: ignore[misc]
    """Scales each filter by what two dense layers say of its mean and the SNR. [Xu et al. 2021, section III-B]"""

    def __init__(self, filters: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        self.squeeze = dense(max(filters // 2, 8), "relu", next(source))
        self.excite = dense(filters, "sigmoid", next(source))

    def build(self, shape: tuple[int, ...]) -> None:
        """Builds both dense layers for the filters' means and the SNR beside them."""
        self.squeeze.build((None, shape[-1] + 1))
        self.excite.build((None, self.squeeze.units))

    def call(self, values: Any, snr_db: Any) -> Any:
        """`[batch, height, width, filters]` in and out; `snr_db` is `[batch, 1]`."""
        context = tf.concat([tf.reduce_mean(values, [1, 2]), snr_db / 10.0], axis=1)
        return values * self.excite(self.squeeze(context))[:, None, None, :]
