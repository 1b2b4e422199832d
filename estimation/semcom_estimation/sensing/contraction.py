"""Contractions of tensors with short stacks of vectors, mode by mode."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from semcom_estimation.sensing.steering import along


def contracted(tensor: np.ndarray, rows: Sequence[np.ndarray | None]) -> np.ndarray:
    """Products with rows `[count, length]` of each mode, the longer of the outer modes first; None leaves a mode.

    The first product has the tensor's precision, the others are complex128.
    """
    modes = [axis for axis, one in enumerate(rows) if one is not None]
    outer_modes = [axis for axis in modes if axis in (0, tensor.ndim - 1)] or modes
    first = max(outer_modes, key=lambda axis: tensor.shape[axis])
    for axis in [first, *(axis for axis in modes if axis != first)]:
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
