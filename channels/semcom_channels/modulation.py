"""Modulations by name: bits to symbols and back."""

import math
from collections.abc import Sequence
from functools import reduce
from typing import Literal, TypeAlias

from semcom_channels.channel import Received
from semcom_channels.tensors import Bits, Llrs, Symbols, Tensor

Modulation: TypeAlias = Literal["bpsk", "qpsk", "16qam", "64qam", "256qam"]
BITS_PER_SYMBOL: dict[str, int] = {"bpsk": 1, "qpsk": 2, "16qam": 4, "64qam": 6, "256qam": 8}


def modulate(bits: Bits, modulation: Modulation) -> Symbols:
    """Gray-labelled symbols of unit power, `[batch, bits / bits_per_symbol]`. [3GPP 38.211, section 5.1]

    A symbol's bits take turns between the axes. On an axis of m bits they make the level
    s_1 (2^(m-1) - s_2 (2^(m-2) - ... s_m)), with s = 1 - 2 bit.
    """
    from semcom_channels.backend import tf

    signs = 1.0 - 2.0 * tf.convert_to_tensor(bits, tf.float32)
    if modulation == "bpsk":
        return tf.complex(signs, tf.zeros_like(signs))
    per_axis = BITS_PER_SYMBOL[modulation] // 2
    signs = tf.reshape(signs, [tf.shape(signs)[0], -1, per_axis, 2])
    levels = signs[:, :, -1]
    for place in reversed(range(per_axis - 1)):
        levels = signs[:, :, place] * (2.0 ** (per_axis - 1 - place) - levels)
    return tf.bitcast(levels * _unit(modulation), tf.complex64)


def _unit(modulation: Modulation) -> float:
    """The distance of the innermost level from zero, sqrt(3 / (2 (M - 1)))."""
    return math.sqrt(1.5 / (2 ** BITS_PER_SYMBOL[modulation] - 1))


def axis_levels(modulation: Modulation) -> tuple[float, ...]:
    """The amplitude of each label of an axis, `[2^bits]`, labels counting up with their first bit the most significant.

    Of a symbol's bits the even ones label the real axis and the odd ones the imaginary; BPSK has one axis.
    """
    if modulation == "bpsk":
        return (1.0, -1.0)
    per_axis, unit = BITS_PER_SYMBOL[modulation] // 2, _unit(modulation)
    amplitudes = {
        sum(_bit(level, place, per_axis) << (per_axis - 1 - place) for place in range(per_axis)): level * unit
        for level in range(1 - 2**per_axis, 2**per_axis, 2)
    }
    return tuple(amplitudes[label] for label in range(2**per_axis))


def demodulate(received: Received, modulation: Modulation) -> Llrs:
    """Exact log-likelihood ratios log P(b = 1 | y) / P(b = 0 | y), `[batch, uses * bits_per_symbol]`.

    Those of joint detection, where the receiver does it, are of the list that it keeps.
    """
    from semcom_channels.backend import tf

    if received.joint is not None and modulation != "bpsk":
        from semcom_channels.sionna_door.detection import joint_llrs

        return joint_llrs(received.joint, BITS_PER_SYMBOL[modulation])
    if modulation == "bpsk":
        return -4.0 * tf.math.real(received.y) / received.no
    per_axis, unit = BITS_PER_SYMBOL[modulation] // 2, _unit(modulation)
    axes = tf.stack([tf.math.real(received.y), tf.math.imag(received.y)], axis=-1)
    scaled = axes * (unit / received.no)[..., None]
    if per_axis == 1:
        return tf.reshape(-4.0 * scaled, [tf.shape(scaled)[0], -1])
    energy = (unit**2 / received.no)[..., None]
    logs = {level: 2.0 * level * scaled - level**2 * energy for level in range(1 - 2**per_axis, 2**per_axis, 2)}
    llrs = []
    for place in range(per_axis):
        ones, zeros = ([logs[level] for level in logs if _bit(level, place, per_axis) == bit] for bit in (1, 0))
        llrs.append(_log_sum_exp(ones) - _log_sum_exp(zeros))
    return tf.reshape(tf.stack(llrs, axis=2), [tf.shape(scaled)[0], -1])


def _bit(level: int, place: int, per_axis: int) -> int:
    """The bit at that place of the label of a level, an odd number: the inverse of what `modulate` does."""
    rest = level
    for step in range(1, place + 1):
        rest = 2 ** (per_axis - step) - abs(rest)
    return int(rest < 0)


def _log_sum_exp(terms: Sequence[Tensor]) -> Tensor:
    """log(sum of exp(x)) over a few tensors of one shape."""
    from semcom_channels.backend import tf

    most = reduce(tf.maximum, terms)
    return most + tf.math.log(reduce(tf.add, [tf.exp(term - most) for term in terms]))


def detect(received: Received, modulation: Modulation) -> Bits:
    """Bits of the nearest symbol, the likeliest one sent, `[batch, uses * bits_per_symbol]`.

    They differ from the signs of the log-likelihood ratios at low SNR, where the likeliest symbol need not hold the
    likelier value of each bit; the closed forms of uncoded error rates are for these decisions.
    """
    from semcom_channels.backend import tf

    if received.joint is not None and modulation != "bpsk":
        return tf.cast(demodulate(received, modulation) > 0.0, tf.float32)
    if modulation == "bpsk":
        return tf.cast(tf.math.real(received.y) < 0.0, tf.float32)
    per_axis = BITS_PER_SYMBOL[modulation] // 2
    rest = tf.bitcast(received.y, tf.float32)  # [batch, uses, axis]
    negative = [rest < 0.0]
    for place in range(1, per_axis):
        rest = _unit(modulation) * 2.0 ** (per_axis - place) - tf.abs(rest)
        negative.append(rest < 0.0)
    bits = negative[0] if per_axis == 1 else tf.stack(negative, axis=2)  # a symbol's bits take turns on the axes
    return tf.cast(tf.reshape(bits, [tf.shape(bits)[0], -1]), tf.float32)
