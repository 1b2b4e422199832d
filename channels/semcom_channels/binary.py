"""Realisations of binary channels, which carry antipodal symbols."""

from typing import NamedTuple

from semcom_channels.backend import tf
from semcom_channels.tensors import Symbols, Tensor


class BinaryRealisation(NamedTuple):
    """y = f x with x = +1 or -1 and f in {+1, -1, 0}: kept, flipped, erased.

    `noise_power` is that of the Gaussian channel whose log-likelihood ratio 4 y / N0 is the true one of this channel.
    """

    factor: Tensor
    """f, `[batch, uses]` complex64."""
    noise_power: Tensor
    """A scalar float32."""

    @property
    def gain(self) -> Tensor:
        """1: a receiver knows no flip."""
        return tf.ones((1, 1), tf.complex64)

    def carry(self, symbols: Symbols) -> Tensor:
        """The channel's output, `[batch, uses]` complex64."""
        return self.factor * symbols


SURE_LLR = 30.0  # the log-likelihood ratio of a symbol that cannot be wrong


def binary(factor: Tensor, llr: float) -> BinaryRealisation:
    """The realisation of given factors whose kept symbols have a log-likelihood ratio of magnitude `llr`."""
    trusted = min(max(llr, 1e-6), SURE_LLR)
    return BinaryRealisation(tf.cast(factor, tf.complex64), tf.constant(4.0 / trusted, tf.float32))
