"""What a fit needs to know of its atoms and of the tensor; compiled where the extra `fast` is installed."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.fast import is_fast
from semcom_estimation.sensing.fisher import Grams, grams, lifted
from semcom_estimation.sensing.steering import Response, correlated, correlated_along, longer_outer


def inner_products(tensor: np.ndarray, responses: Sequence[Response]) -> tuple[Grams, np.ndarray, np.ndarray]:
    """Products of atoms with one another, and of atoms `[target]` and their derivatives `[mode, target]` with a tensor.

    See `grams` and `correlated`.
    """
    if is_fast():
        return compiled_products(tensor, responses)
    return (grams(responses), *correlated(tensor, responses))


def compiled_products(tensor: np.ndarray, responses: Sequence[Response]) -> tuple[Grams, np.ndarray, np.ndarray]:
    """By numba."""
    from semcom_estimation.sensing.compiled import contracted, products

    values = np.concatenate([one.values for one in responses])
    slopes = np.concatenate([one.slopes for one in responses])
    ends = np.cumsum([0, *(len(one.values) for one in responses)])
    atoms, crossed, every = products(values, slopes, ends)
    start = longer_outer(responses)
    found = contracted(correlated_along(tensor, responses[start], start), values, slopes, ends, start)
    return Grams(lifted(atoms), crossed, every), found[0], found[1:]
