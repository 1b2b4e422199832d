"""Power constraints, which make transceivers comparable, and weights for symbols of unequal noise."""

from semcom_channels import Received
from semcom_channels.backend import tf
from semcom_channels.tensors import Symbols, Tensor


def unit_average_power(symbols: Tensor) -> Symbols:
    """Each row scaled to mean power 1: z sqrt(k) / ||z||. [Bourtsoulatze et al. 2019, eq. 3]"""
    power = tf.reduce_mean(tf.square(tf.abs(symbols)), axis=1, keepdims=True)
    scale = tf.math.rsqrt(tf.maximum(power, 1e-12))
    return symbols * tf.complex(scale, tf.zeros_like(scale))


def complex_symbols(values: Tensor) -> Tensor:
    """Real values `[batch, ...]` as `[batch, uses]` complex64: the first half real parts, the second imaginary."""
    flat = tf.reshape(values, [tf.shape(values)[0], -1])
    real, imaginary = tf.split(flat, 2, axis=1)
    return tf.complex(real, imaginary)


def real_values(symbols: Tensor) -> Tensor:
    """The inverse of `complex_symbols`, up to the shape: `[batch, 2 * uses]` float32."""
    return tf.concat([tf.math.real(symbols), tf.math.imag(symbols)], axis=1)


def mmse_weighted(received: Received) -> Received:
    """Each symbol times its linear MMSE weight 1 / (1 + no), over the unit's mean weight; one noise power for the unit.

    A deep fade then counts for little. A noise power that is constant leaves symbols and noise power as they are.
    [Kay 1993, section 12.5, for symbols of unit power]
    """
    no = tf.minimum(received.no, 1e30)  # a gain of 1e-20 makes it infinite
    weight = 1.0 / (1.0 + no)
    mean = tf.reduce_mean(weight, axis=1, keepdims=True)
    scale = weight / mean
    noise = tf.reduce_mean(no * weight, axis=1, keepdims=True) / mean  # 1 / mean - 1, exact for little noise too
    return Received(received.y * tf.complex(scale, tf.zeros_like(scale)), tf.ones_like(scale) * noise)
