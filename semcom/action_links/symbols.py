"""Actions as symbols: their amplitudes on real axes, decisions on one axis, and likelihoods of what arrives."""

import math
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import ndtr

from semcom.action_links.labels import Labelling, action_bits
from semcom.coupling.elementary import exp
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation, axis_levels

STEP = 0.25  # of the trapezoidal rule in the logarithm of an exponential variable
LOG_GAINS = (-60.0, 4.5)  # beyond, exp(u - exp(u)) is below 1e-26 and leaves relative errors of 1e-14 at 100 dB


def axis_labels(count: int, labelling: Labelling, modulation: Modulation) -> np.ndarray:
    """The label on each real axis of each action, `[action, symbol * axis]`.

    An action's bits fill its symbols in order; zeros fill up the last one, and a receiver knows them.
    """
    bits = action_bits(count, labelling)
    per_symbol = BITS_PER_SYMBOL[modulation]
    axes = min(per_symbol, 2)
    per_axis = per_symbol // axes
    symbols = -(-bits.shape[1] // per_symbol)
    padded = np.zeros((count, symbols * per_symbol), np.intp)
    padded[:, : bits.shape[1]] = bits
    turns = padded.reshape(count, symbols, per_axis, axes)  # a symbol's bits take turns on its axes
    labels = np.einsum("aspx,p->asx", turns, 2 ** np.arange(per_axis)[::-1])
    return np.asarray(labels.reshape(count, symbols * axes))


@lru_cache(maxsize=64)
def amplitudes(count: int, labelling: Labelling, modulation: Modulation) -> np.ndarray:
    """The amplitude on each real axis of each action's symbols, `[action, symbol * axis]` read-only.

    Constellations have unit average power; the symbols in use have it when the actions use all labels.
    """
    found: np.ndarray = np.array(axis_levels(modulation))[axis_labels(count, labelling, modulation)]
    found.setflags(write=False)
    return found


def axis_law(modulation: Modulation, snr: float) -> np.ndarray:
    """P(label decided | label sent) on an axis in noise of variance 1 / (2 snr), `[label, label]`.

    The level s is decided for y in (b, c), half way to its neighbours, or to infinity at the ends:
    Q((b - x) sqrt(2 snr)) - Q((c - x) sqrt(2 snr)). [Proakis & Salehi 2008, section 4.3]
    """
    levels = np.array(axis_levels(modulation))
    order = np.argsort(levels)
    between = (levels[order][1:] + levels[order][:-1]) / 2.0
    edges = (np.concatenate([[-np.inf], between, [np.inf]]) - levels[:, None]) * math.sqrt(2.0 * snr)
    below, above = edges[:, :-1], edges[:, 1:]
    mirrored = below + above > 0.0  # differences of small tails lose no digits, unlike those of numbers near 1
    law = np.empty((len(levels), len(levels)))
    law[:, order] = np.where(mirrored, ndtr(-below) - ndtr(-above), ndtr(above) - ndtr(below))
    return law


def power_gains(channel: Literal["awgn", "rayleigh"]) -> tuple[np.ndarray, np.ndarray]:
    """Power gains g and weights, so that E f(g) = sum of weight f(g): 1 alone, or those of the exponential law.

    The latter are of the trapezoidal rule in u = log g, where the density exp(u - exp(u)), and f if it is smooth in
    sqrt(g), are analytic for |Im u| < pi / 2: the error is exp(-pi^2 / step), whatever the SNR.
    [Trefethen & Weideman 2014, theorem 5.1]
    """
    if channel == "awgn":
        return np.ones(1), np.ones(1)
    u = np.arange(*LOG_GAINS, STEP)
    gains = exp(u)
    weights = STEP * exp(u - gains)
    return gains, weights / weights.sum()


def likelihoods(arrived: np.ndarray, gains: np.ndarray | float, sent: np.ndarray, snr: float) -> np.ndarray:
    """exp(-|y - g x|^2 snr) of each possible x, over its largest value, `[batch, action]`, the same on any machine."""
    logs = log_likelihoods(arrived, gains, sent, snr)
    return exp(logs - logs.max(axis=1, keepdims=True))


def log_likelihoods(arrived: np.ndarray, gains: np.ndarray | float, sent: np.ndarray, snr: float) -> np.ndarray:
    """-|y - g x|^2 snr of each possible x, but for what all x share, `[batch, action]` float64.

    `arrived` is y, `[batch, axis]`; `gains` are the amplitude gains g that the receiver knows, `[batch, 1]` or one;
    `sent` the amplitudes x of each action, `[action, axis]`.
    """
    heard = gains * arrived
    told = np.zeros((len(heard), len(sent)))
    for axis, amplitude in enumerate(sent.T):  # in this order, not in that of a library of linear algebra
        told += heard[:, axis, None] * amplitude
    return np.asarray(snr * (2.0 * told - gains**2 * np.sum(sent**2, axis=1)))
