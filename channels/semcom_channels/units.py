"""Decibels, and the one definition of SNR, Es/N0 and Eb/N0.

Power is E|x|^2 of a complex symbol. Senders have unit power and channels unit mean power gain, so

    SNR = Es/N0 = E|h x|^2 / E|w|^2    per complex channel use and receive antenna, averaged over the fading,
    Eb/N0 = SNR / (information bits per channel use).

Streams that share a channel use share the sender's power.
"""

import math

SNR_CONVENTION = (
    "SNR = Es/N0 = E|h x|^2 / E|w|^2 per complex channel use at each receive antenna, averaged over the fading "
    "(unit power of all streams together, unit mean power gain), in dB"
)
EBN0_CONVENTION = (
    "Eb/N0 = SNR / (information bits per channel use), in dB; pilots, parity, padding and empty resource elements "
    "count among the channel uses, cyclic prefixes do not"
)
SNR_DB_RANGE = (-60.0, 100.0)


def linear(decibels: float) -> float:
    """The power ratio 10^(dB/10)."""
    return float(10.0 ** (decibels / 10.0))


def decibels(ratio: float) -> float:
    """10 log10 of a positive power ratio."""
    return 10.0 * math.log10(ratio)


def snr_db_of_ebn0(ebn0_db: float, bits_per_use: float) -> float:
    """The SNR in dB at which each information bit has the given Eb/N0, at `bits_per_use` per channel use."""
    return ebn0_db + decibels(bits_per_use)
