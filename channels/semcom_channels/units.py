"""Decibels, and the one definition of SNR, Es/N0 and Eb/N0.

Power is E|x|^2 of a complex symbol. Senders have unit power and channels unit mean power gain, so

    SNR = Es/N0 = E|h x|^2 / E|w|^2    per complex channel use and receive antenna, averaged over the fading,
    Eb/N0 = SNR / (information bits per channel use).

Streams that share a channel use share the sender's power. Antennas differ by their elements and polarisations; their
mean has the SNR. Beams gain power on the way: the SNR is that before their gain, as if antennas sent the same power, so
that it does not change with precoding, and E|h x|^2 / E|w|^2 is larger by the gain.
"""

import math

SNR_CONVENTION = (
    "SNR = Es/N0 = E|h x|^2 / E|w|^2 per complex channel use and receive antenna, averaged over the fading and the "
    "antennas (unit power of all streams together, unit mean power gain), in dB"
)
EBN0_CONVENTION = (
    "Eb/N0 = SNR / (information bits per channel use), in dB; pilots, parity, padding and empty resource elements "
    "count among the channel uses, cyclic prefixes do not"
)
BEFORE_GAIN = "before beamforming gain"
BEAMS_CONVENTION = (
    f"; {BEFORE_GAIN}: with streams along beams E|h x|^2 is larger by the mean of the eigenvalues of each unit's "
    "transmit covariance that they use, over the mean of all"
)
"""What the conventions add where precoding points beams."""
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
