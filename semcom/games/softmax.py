"""Softmax that is the same on any machine.

Libraries round the last bit of an exponential as their processor likes; the two ends of a game must not differ. Here it
is a series of elementary operations, which IEEE 754 rounds alike everywhere.
"""

import math

import numpy as np

from semcom.coupling.entropy import log2

LN_2 = (0.693147180369123816490, 1.90821492927058770002e-10)  # in two parts, the first short enough for exact multiples
LAST = 16  # term of the series of exp(x), |x| <= ln(2) / 2
LEAST = -746.0  # from where down e^x is 0


def softmax(logits: np.ndarray) -> np.ndarray:
    """exp(x_k) / sum exp(x_j) along the last axis, of the same shape."""
    weights = exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def soft_maximum(values: np.ndarray) -> np.ndarray:
    """The logarithm of sum exp(x_k) along the last axis, which goes."""
    highest = values.max(axis=-1)
    return np.asarray(highest + math.log(2.0) * log2(exp(values - highest[..., None]).sum(axis=-1)))


def exp(x: np.ndarray) -> np.ndarray:
    """e^x for x <= 709, to a few units in the last place; 0 below the smallest float."""
    x = np.maximum(x, LEAST)
    halvings = np.rint(x / (LN_2[0] + LN_2[1]))
    rest = (x - halvings * LN_2[0]) - halvings * LN_2[1]
    series = np.ones_like(rest)
    for term in range(LAST, 0, -1):
        series = 1.0 + series * rest / term
    return np.ldexp(series, halvings.astype(np.int32))
