"""What bits of Gray-labelled symbols tell over white Gaussian noise: the scale on which fading blocks compare."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from semcom_channels.modulation import Modulation, axis_levels

LEAST_DB, MOST_DB, STEP_DB = -40.0, 50.0, 0.25
REACH, NODES = 7.0, 71  # of the trapezoidal rule, in deviations of the noise
LEAST = 1e-300


class BitInformation(NamedTuple):
    """Of a channel use, in bits and bits^2, at each SNR of a grid."""

    mean: np.ndarray
    """I, `[snr]`."""
    variance: np.ndarray
    """V, `[snr]`."""


def information(modulation: Modulation, noise: ArrayLike) -> np.ndarray:
    """Bits that a channel use tells a decoder of single bits, at a noise variance for symbols of unit power.

        I = sum over bits of (1 - E log2(1 + exp(-s L)))    [Caire, Taricco, Biglieri 1998, eq. 15]

    L is the exact log-likelihood ratio of a bit and s its sign. Of the shape of `noise`; linear between steps of
    0.25 dB, within 5e-4 bits; outside -40 to 50 dB as at the nearest.
    """
    return _at(_table(modulation).mean, noise)


def dispersion(modulation: Modulation, noise: ArrayLike) -> np.ndarray:
    """The variance of what a channel use tells, in bits^2. [Polyanskiy, Poor, Verdu 2010, eq. 239, of this decoder]"""
    return _at(_table(modulation).variance, noise)


def _at(values: np.ndarray, noise: ArrayLike) -> np.ndarray:
    steps = (-10.0 * np.log10(np.asarray(noise, np.float64)) - LEAST_DB) / STEP_DB
    found: np.ndarray = np.interp(steps, np.arange(len(values)), values)
    return found


@lru_cache(maxsize=8)
def _table(modulation: Modulation) -> BitInformation:
    axes = 1 if modulation == "bpsk" else 2
    steps = round((MOST_DB - LEAST_DB) / STEP_DB) + 1
    told = [_of_axis(modulation, 10.0 ** (-(LEAST_DB + STEP_DB * step) / 10.0)) for step in range(steps)]
    means, variances = np.array(told).T
    return BitInformation(axes * means, axes * variances)


def _of_axis(modulation: Modulation, noise: float) -> tuple[float, float]:
    """Mean and variance of what the bits of one axis tell together, by the trapezoidal rule."""
    levels = np.array(axis_levels(modulation))
    bits = (len(levels) - 1).bit_length()
    labels = np.arange(len(levels))[:, None] >> np.arange(bits)[::-1] & 1  # [level, bit]
    normal = np.linspace(-REACH, REACH, NODES)
    weights = np.exp(-(normal**2) / 2.0)
    weights /= weights.sum() * len(levels)
    heard = levels[:, None] + normal * math.sqrt(noise / 2.0)  # [level, node]
    distances = (heard[..., None] - levels) ** 2 / noise  # [level, node, guess]
    chances = np.exp(distances.min(axis=-1, keepdims=True) - distances)
    ones, zeros = (np.maximum(chances @ (labels == bit), LEAST) for bit in (1, 0))  # [level, node, bit]
    ratios = np.log(ones / zeros) * (1 - 2 * labels)[:, None]
    told = np.sum(1.0 - np.logaddexp(0.0, ratios) / math.log(2.0), axis=-1)
    mean = float(np.sum(told * weights))
    return mean, float(np.sum(told**2 * weights)) - mean**2
