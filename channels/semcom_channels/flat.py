"""Realisations of frequency-flat channels: a gain and additive noise per channel use."""

from functools import cache
from typing import NamedTuple

from semcom_channels.backend import tf
from semcom_channels.normals import complex_normals, noise_at
from semcom_channels.streams import Streams
from semcom_channels.tensors import Symbols, Tensor


class FlatRealisation(NamedTuple):
    """y = h x + sqrt(N0) w, with E|w|^2 = 1."""

    gain: Tensor
    """h, `[batch, uses]` or broadcastable, complex64."""
    noise: Tensor
    """w, `[batch, uses]` complex64."""
    noise_power: Tensor
    """N0, a scalar float32."""

    def carry(self, symbols: Symbols) -> Tensor:
        """The channel's output, `[batch, uses]` complex64."""
        amplitude = tf.sqrt(self.noise_power)
        return self.gain * symbols + tf.complex(amplitude, tf.zeros_like(amplitude)) * self.noise


def flat(gain: Tensor, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> FlatRealisation:
    """The realisation of given gains with fresh noise at `snr_db` (N0 = 10^(-SNR/10) for unit mean gain)."""
    return FlatRealisation(gain, *noise_at(snr_db, shape, streams.rng("noise")))


@cache
def unit_gain() -> Tensor:
    """A gain of 1 for all rows and uses, `[1, 1]` complex64."""
    with tf.init_scope():
        return tf.ones((1, 1), tf.complex64)


def scattered_gains(shape: tuple[int, int], coherence_uses: int | None, streams: Streams) -> Tensor:
    """CN(0, 1) gains, constant over `coherence_uses` channel uses (None: the whole row).

    Returns `[batch, uses]` complex64, or `[batch, 1]` where one gain serves the row.
    """
    batch, uses = shape
    coherence = uses if coherence_uses is None else coherence_uses
    blocks = -(-uses // coherence)
    gains = tf.transpose(complex_normals((blocks, batch), streams.rng("channel")))
    if blocks == 1 or coherence == 1:
        return gains
    return tf.repeat(gains, coherence, axis=1)[:, :uses]
