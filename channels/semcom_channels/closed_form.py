"""Exact bit error rates of uncoded modulations and Shannon limits: the lines that simulated curves must meet."""

import math
from collections.abc import Callable

from semcom_channels.awgn import Awgn
from semcom_channels.bsc import BinarySymmetric
from semcom_channels.channel import Channel
from semcom_channels.erasure import Erasure
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation
from semcom_channels.rayleigh import Rayleigh
from semcom_channels.rician import Rician
from semcom_channels.units import SNR_DB_RANGE, linear


def bit_error_rate(modulation: Modulation, channel: Channel, snr_db: float | None) -> float | None:
    """The bit error rate of nearest-symbol decisions with perfect channel knowledge; None where no formula is known.

    The gain's coherence does not matter to it. A binary channel has no SNR and carries BPSK alone.
    """
    if snr_db is None:
        return _binary(channel) if modulation == "bpsk" else None
    match channel:
        case Awgn():
            return awgn(modulation, snr_db)
        case Rayleigh():
            return rayleigh(modulation, snr_db)
        case Rician():
            return rician(modulation, snr_db, channel.k_factor_db)
    return None


def awgn(modulation: Modulation, snr_db: float) -> float:
    """Over AWGN: a sum of erfc(sqrt(c SNR)). [Cho & Yoon 2002]"""
    return _average(modulation, snr_db, lambda snr: math.erfc(math.sqrt(snr)))


def rayleigh(modulation: Modulation, snr_db: float) -> float:
    """Over Rayleigh fading, where E erfc(sqrt(g)) = 1 - sqrt(G / (1 + G)) for exponential g of mean G.

    [Simon & Alouini 2005, section 5.1.1]
    """
    return _average(modulation, snr_db, _rayleigh_erfc)


def rician(modulation: Modulation, snr_db: float, k_factor_db: float) -> float:
    """Over Rician fading, by Craig's form: E erfc(sqrt(g)) = 2/pi times the integral of M(-1 / sin^2 t), 0 < t < pi/2.

    M is the moment generating function of the SNR g, with 1 + K over 1 + K - s G times exp(K s G / (1 + K - s G)).
    [Simon & Alouini 2005, sections 2.2.1 and 5.1.1]
    """
    k_factor = linear(k_factor_db)
    return _average(modulation, snr_db, lambda snr: _rician_erfc(snr, k_factor))


def shannon_limit_db(channel: Channel, bits_per_use: float) -> float | None:
    """The lowest SNR in dB at which the channel's capacity is `bits_per_use`, by bisection to 1e-9 dB.

    None where no SNR from -60 to 100 dB makes it so. In block fading the ergodic capacity bounds the mean rate only: a
    code word that sees few gains fails above it too.
    """
    low, high = SNR_DB_RANGE
    if not channel.has_snr or not channel.capacity(low) <= bits_per_use <= channel.capacity(high):
        return None
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        low, high = (middle, high) if channel.capacity(middle) < bits_per_use else (low, middle)
    return high


def _binary(channel: Channel) -> float | None:
    match channel:
        case BinarySymmetric():
            return channel.flip_probability
        case Erasure():
            return channel.erasure_probability / 2.0  # of equally likely bits, half of the erased ones are guessed
    return None


def _average(modulation: Modulation, snr_db: float, mean_erfc: Callable[[float], float]) -> float:
    """The sum of `weight * E erfc(sqrt(factor * SNR))` over the terms of a modulation."""
    snr = linear(snr_db)
    return math.fsum(weight * mean_erfc(factor * snr) for factor, weight in _terms(BITS_PER_SYMBOL[modulation]))


def _terms(bits_per_symbol: int) -> list[tuple[float, float]]:
    """The factors and weights of the erfc terms of BPSK (1 bit) and square Gray QAM. [Cho & Yoon 2002]"""
    if bits_per_symbol == 1:
        return [(1.0, 0.5)]
    bits = bits_per_symbol // 2
    levels = 2**bits
    terms = []
    for bit in range(1, bits + 1):
        for i in range(levels - levels // 2**bit):
            sign = (-1) ** (i * 2 ** (bit - 1) // levels)
            count = 2 ** (bit - 1) - (2 * i * 2 ** (bit - 1) + levels) // (2 * levels)
            terms.append(((2 * i + 1) ** 2 * 1.5 / (levels**2 - 1), sign * count / levels / bits))
    return terms


def _rayleigh_erfc(snr: float) -> float:
    root = math.sqrt(snr / (1.0 + snr))
    return 1.0 / (1.0 + snr) / (1.0 + root)  # 1 - root without cancellation


def _rician_erfc(snr: float, k_factor: float) -> float:
    from scipy.integrate import quad

    def integrand(angle: float) -> float:
        strength = snr / math.sin(angle) ** 2
        below = 1.0 + k_factor + strength
        return (1.0 + k_factor) / below * math.exp(-k_factor * strength / below)

    integral, _ = quad(integrand, 0.0, math.pi / 2.0, epsabs=0.0, epsrel=1e-10, limit=500)
    return float(integral * 2.0 / math.pi)
