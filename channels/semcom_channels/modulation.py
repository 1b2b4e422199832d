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

    return sionna_door.demapper(BITS_PER_SYMBOL[modulation])(received.y, received.no)


def decide(llrs: Llrs) -> Bits:
    """The likelier value of each bit."""
    from semcom_channels.backend import tf

    bits: Any = tf.cast(llrs > 0.0, tf.float32)
    return bits
