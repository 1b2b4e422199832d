"""Frequencies from the factors of a canonical polyadic decomposition."""

import numpy as np

from semcom_estimation.sensing.one_tone import one_tone
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import along
from semcom_estimation.sensing.subspaces import gram, leading


def frequencies_of(
    tensor: np.ndarray, model: SignalModel, targets: int, iterations: int, tolerance: float
) -> np.ndarray:
    """`[target, mode]`, each the frequency of maximum likelihood of a factor's column."""
    factors = [tensor.reshape(-1, 1)] if tensor.ndim == 1 else factors_of(tensor, targets, iterations, tolerance)
    tones = [[one_tone(column, view) for column in factor.T] for factor, view in zip(factors, model.views, strict=True)]
    return np.array(tones).T


def factors_of(tensor: np.ndarray, targets: int, iterations: int, tolerance: float) -> list[np.ndarray]:
    """Factors `[length, target]` of each mode, found in the core of a truncated higher-order SVD.

    The longest mode is truncated first. [Vannieuwenhoven, Vandebril & Meerbergen 2012, algorithm 1]
    """
    import tensorly
    from tensorly.decomposition import parafac

    bases, core = {}, tensor
    for axis in sorted(range(tensor.ndim), key=lambda axis: -tensor.shape[axis]):
        bases[axis] = leading(gram(core, axis), min(tensor.shape[axis], targets))
        core = along(core, bases[axis].conj().T.astype(core.dtype), axis)
    core = core.astype(complex)
    core /= np.linalg.norm(core)
    with tensorly.backend_context("numpy", local_threadsafe=True):
        found = parafac(core, targets, n_iter_max=iterations, init="svd", tol=tolerance, random_state=0)
    return [bases[axis] @ factor for axis, factor in enumerate(found.factors)]
