"""Modulations by name: bits to symbols and back, through Sionna's mapper and demapper."""

from typing import Any, Literal, TypeAlias

from semcom_channels.channel import Received
from semcom_channels.tensors import Bits, Llrs, Symbols

Modulation: TypeAlias = Literal["bpsk", "qpsk", "16qam", "64qam", "256qam"]
BITS_PER_SYMBOL: dict[str, int] = {"bpsk": 1, "qpsk": 2, "16qam": 4, "64qam": 6, "256qam": 8}


def modulate(bits: Bits, modulation: Modulation) -> Symbols:
    """Gray-labelled symbols of unit power, `[batch, bits / bits_per_symbol]`. [3GPP 38.211, section 5.1]"""
    from semcom_channels import sionna_door

    return sionna_door.mapper(BITS_PER_SYMBOL[modulation])(bits)


def demodulate(received: Received, modulation: Modulation) -> Llrs:
    """Exact log-likelihood ratios log P(b = 1 | y) / P(b = 0 | y), `[batch, uses * bits_per_symbol]`."""
    from semcom_channels import sionna_door

    if received.joint is not None and modulation != "bpsk":
        from semcom_channels.sionna_door.detection import joint_llrs

        return joint_llrs(received.joint, BITS_PER_SYMBOL[modulation])
    return sionna_door.demapper(BITS_PER_SYMBOL[modulation])(received.y, received.no)


def detect(received: Received, modulation: Modulation) -> Bits:
    """Bits of the nearest symbol, the likeliest one sent, `[batch, uses * bits_per_symbol]`.

    They differ from the signs of the log-likelihood ratios at low SNR, where the likeliest symbol need not hold the
    likelier value of each bit; the closed forms of uncoded error rates are for these decisions.
    """
    from semcom_channels import sionna_door
    from semcom_channels.backend import tf

    if received.joint is not None and modulation != "bpsk":
        return tf.cast(demodulate(received, modulation) > 0.0, tf.float32)
    levels, labels = sionna_door.axis(BITS_PER_SYMBOL[modulation])
    axes = [tf.math.real(received.y)]
    if modulation != "bpsk":
        axes.append(tf.math.imag(received.y))
    steps = (tf.stack(axes, axis=-1) - levels[0]) / (levels[1] - levels[0])
    nearest = tf.cast(tf.clip_by_value(tf.round(steps), 0.0, len(levels) - 1.0), tf.int32)
    bits: Any = tf.gather(labels, nearest)  # [batch, uses, axis, bit]; a symbol's bits take turns between the axes
    return tf.reshape(tf.transpose(bits, [0, 1, 3, 2]), [tf.shape(bits)[0], -1])
