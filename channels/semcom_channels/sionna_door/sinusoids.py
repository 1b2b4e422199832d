"""Sionna's sums of sinusoids for tapped delay lines, with a matrix product in place of a sum over a large array."""

import math
from typing import TYPE_CHECKING, Any

from semcom_channels.backend import tf
from semcom_channels.tensors import Tensor

from sionna.phy import config  # isort: skip

if TYPE_CHECKING:
    from semcom_channels.sionna_door.spatial import TdlNumbers


def gains(
    model: Any, antennas: tuple[int, int], numbers: "TdlNumbers", batch: Tensor, times: int, rate_hz: Tensor
) -> Tensor:
    """Gains of a Sionna TDL, `[batch, rx, tx, path, time]` complex64. [Xiao, Zheng, Beaulieu 2006, eqs. 6 and 11]

    The model gives its table; `antennas` are those of the receiver and of the sender.

    It takes the same random numbers as Sionna's, and gives the same gains, but for a line of sight between correlated
    antennas: Sionna's passes it through the correlations of the scattering, where it gains power. Sionna's holds
    sinusoids, antenna pairs and times in one array; here turning in time is one factor and phases at the antennas the
    other.
    """
    rx, tx = antennas
    taps = model._mean_powers.shape[0]
    count = model._alpha_const.shape[-1]
    instants = tf.range(times, dtype=tf.float32) / rate_hz
    doppler = _uniform([batch, 1, 1, 1], numbers.doppler, numbers.doppler)
    arrival = tf.reshape(model._alpha_const, [count, 1]) + _uniform([batch, taps, count, 1], *_around(count))
    starts = _turned(_uniform([batch, rx, tx, taps, count], *_around(1)))
    turning = _turned(doppler * instants * tf.cos(arrival))  # [batch, tap, sinusoid, time]
    apart = tf.reshape(tf.transpose(starts, [0, 3, 1, 2, 4]), [batch, taps, rx * tx, count])
    summed = tf.reshape(tf.matmul(apart, turning), [batch, taps, rx, tx, times])
    amplitude = tf.sqrt(model._mean_powers / count)[:, None, None, None]
    scattered = tf.transpose(amplitude * summed, [0, 2, 3, 1, 4])
    if numbers.roots:
        scattered = _correlated(scattered, *numbers.roots)
    if not model.los:
        return scattered
    start = _uniform([batch, 1, 1, 1, 1], *_around(1))  # one at all antennas
    direct = _turned(doppler[..., None] * instants * tf.cos(model._los_angle_of_arrival) + start)
    first = scattered[..., :1, :] + tf.sqrt(model._los_power) * direct
    return tf.concat([first, scattered[..., 1:, :]], axis=-2)


def _correlated(scattered: Tensor, rx: Tensor, tx: Tensor) -> Tensor:
    """Behind the square roots of the correlations of both ends."""
    return tf.einsum("ir,brtpn,jt->bijpn", rx, scattered, tf.math.conj(tx))


def _around(parts: int) -> tuple[float, float]:
    return -math.pi / parts, math.pi / parts


def _uniform(shape: list[Any], low: Any, high: Any) -> Tensor:
    return config.tf_rng.uniform(shape, low, high, tf.float32)


def _turned(phase: Tensor) -> Tensor:
    return tf.complex(tf.cos(phase), tf.sin(phase))
