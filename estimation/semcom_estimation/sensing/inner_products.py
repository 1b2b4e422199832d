"""What a fit needs to know of its atoms and of the tensor; compiled where the extra `fast` is installed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from semcom_estimation.sensing.fast import is_fast
from semcom_estimation.sensing.fisher import ROUNDING, Grams, grams
from semcom_estimation.sensing.steering import Response, correlated, correlated_along, longer_outer


class Products(NamedTuple):
    """Of atoms with one another and with a tensor."""

    grams: Grams
    heard: np.ndarray
    """A* y, `[target]`."""
    turned: np.ndarray
    """D_m* y, `[mode, target]`."""
    gains: np.ndarray
    """Of least squares, min |y - A g|^2, `[target]`."""


def inner_products(tensor: np.ndarray, responses: Sequence[Response]) -> Products:
    """Of a tensor and the atoms of these responses. See `grams` and `correlated`."""
    if is_fast():
        return compiled_products(tensor, responses)
    found = grams(responses)
    heard, turned = correlated(tensor, responses)
    return Products(found, heard, turned, np.linalg.solve(found.atoms, heard))


def compiled_products(tensor: np.ndarray, responses: Sequence[Response]) -> Products:
    """By numba."""
    from semcom_estimation.sensing.compiled import solved

    values = np.concatenate([one.values for one in responses])
    slopes = np.concatenate([one.slopes for one in responses])
    ends = np.cumsum([0, *(len(one.values) for one in responses)])
    start = longer_outer(responses)
    rows = correlated_along(tensor, responses[start], start)
    gains, atoms, crossed, every, found = solved(values, slopes, ends, rows, start, ROUNDING)
    return Products(Grams(atoms, crossed, every), found[0], found[1:], gains)
