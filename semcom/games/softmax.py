"""Softmax and what it is the slope of, the same on any machine."""

import numpy as np

from semcom.coupling.elementary import LN_2, exp, log2


def softmax(logits: np.ndarray) -> np.ndarray:
    """exp(x_k) / sum exp(x_j) along the last axis, of the same shape."""
    weights = exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def soft_maximum(values: np.ndarray) -> np.ndarray:
    """The logarithm of sum exp(x_k) along the last axis, which goes."""
    highest = values.max(axis=-1)
    return np.asarray(highest + LN_2 * log2(exp(values - highest[..., None]).sum(axis=-1)))
