"""Realisations of channels that carry letters."""

from typing import NamedTuple

from semcom_channels.backend import tf
from semcom_channels.tensors import Tensor


class LetterRealisation(NamedTuple):
    """The output letter is the number of steps of the cumulative law P(y <= . | x) that a uniform number has passed."""

    cumulative: Tensor
    """`[inputs, outputs - 1]` float32."""
    uniform: Tensor
    """`[batch, uses]` float32 in [0, 1)."""

    @classmethod
    def of(cls, transition: tuple[tuple[float, ...], ...], uniform: Tensor) -> "LetterRealisation":
        """The realisation of P(y | x) for given uniform numbers."""
        rows = tf.constant(transition, tf.float64)
        cumulative = tf.cumsum(rows, axis=1)[:, :-1] / tf.reduce_sum(rows, axis=1, keepdims=True)
        return cls(tf.cast(cumulative, tf.float32), uniform)

    @property
    def gain(self) -> Tensor:
        """1: letters have no gain."""
        return tf.ones((1, 1), tf.complex64)

    @property
    def noise_power(self) -> Tensor:
        """0: letters have no additive noise."""
        return tf.zeros(())

    def carry(self, symbols: Tensor) -> Tensor:
        """The output letters, `[batch, uses]` int32, for int32 input letters of that shape."""
        passed = self.uniform[..., None] >= tf.gather(self.cumulative, symbols)
        return tf.reduce_sum(tf.cast(passed, tf.int32), axis=-1)
