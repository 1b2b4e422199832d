"""Contractions of tensors with short stacks of vectors, mode by mode."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from semcom_estimation.sensing.steering import along


def contracted(tensor: np.ndarray, rows: Sequence[np.ndarray | None]) -> np.ndarray:
    """Products with rows `[count, length]` of each mode, the longer of the outer modes first; None leaves a mode.

    The first product has the tensor's precision, the others are complex128.
    """
    shape = tensor.shape
    for axis in sorted(range(len(shape)), key=lambda axis: (0 < axis < len(shape) - 1, -shape[axis])):
        chosen = rows[axis]
        if chosen is not None:
            tensor = along(tensor, chosen.astype(tensor.dtype), axis).astype(complex, copy=False)
    return tensor


def outer(factors: Sequence[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Sum over k of weight_k u_k o v_k o ... of factors `[points, k]`, one for each mode, in their precision."""
    *first, last = factors
    start = weights.astype(last.dtype)[None]
    rows = reduce(lambda sofar, factor: (sofar[:, None] * factor).reshape(-1, len(weights)), first, start)
    return np.asarray(rows @ last.T).reshape([len(factor) for factor in factors])
