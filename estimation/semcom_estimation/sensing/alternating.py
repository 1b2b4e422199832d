"""Frequencies from the factors of a canonical polyadic decomposition."""

import numpy as np

from semcom_estimation.sensing.contraction import outer
from semcom_estimation.sensing.one_tone import one_tone
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import along
from semcom_estimation.sensing.subspaces import gram, leading

TRIAL = 30  # iterations from each start; the best one goes on
ROUNDING = 1e-12  # of the core's energy, added to Gram matrices: factors of fewer targets than asked for are singular


def frequencies_of(
    tensor: np.ndarray, model: SignalModel, targets: int, starts: int, iterations: int, tolerance: float
) -> np.ndarray:
    """`[target, mode]`, each the frequency of maximum likelihood of a factor's column."""
    factors = (
        [tensor.reshape(-1, 1)] if tensor.ndim == 1 else factors_of(tensor, targets, starts, iterations, tolerance)
    )
    tones = [[one_tone(column, view) for column in factor.T] for factor, view in zip(factors, model.views, strict=True)]
    return np.array(tones).T


def factors_of(tensor: np.ndarray, targets: int, starts: int, iterations: int, tolerance: float) -> list[np.ndarray]:
    """Factors `[length, target]` of each mode, found in the core of a truncated higher-order SVD.

    The longest mode is truncated first. [Vannieuwenhoven, Vandebril & Meerbergen 2012]
    """
    bases, core = {}, tensor
    for axis in sorted(range(tensor.ndim), key=lambda axis: -tensor.shape[axis]):
        bases[axis] = leading(gram(core, axis), min(tensor.shape[axis], targets))
        core = along(core, bases[axis].conj().T.astype(core.dtype), axis)
    core = core.astype(complex)
    core /= np.linalg.norm(core)
    found = _decomposed(core, targets, starts, iterations, tolerance)
    return [bases[axis] @ factor for axis, factor in enumerate(found)]


def _decomposed(core: np.ndarray, targets: int, starts: int, iterations: int, tolerance: float) -> list[np.ndarray]:
    """Factors from the best of a start at singular vectors and of random ones, which are the same for every tensor.

    Where a mode has fewer dimensions than there are targets, random vectors stand beside the singular ones.
    """
    draws = np.random.default_rng(0)
    drawn = [
        [draws.standard_normal((size, targets, 2)) @ np.array([1.0, 1j]) for size in core.shape] for _ in range(starts)
    ]
    singular = [leading(gram(core, axis), targets) for axis in range(core.ndim)]
    drawn[-1] = [np.hstack([few, more[:, len(few) :]]) for few, more in zip(singular, drawn[-1], strict=True)]
    found = [_alternated(core, targets, start, min(TRIAL, iterations), tolerance) for start in reversed(drawn)]
    ones = np.ones(targets)
    best = min(found, key=lambda factors: float(np.linalg.norm(core - outer(factors, ones))))
    return _alternated(core, targets, best, iterations, tolerance)


def _alternated(
    core: np.ndarray, targets: int, start: list[np.ndarray], iterations: int, tolerance: float
) -> list[np.ndarray]:
    """TensorLy's factors from a start; the first mode's hold the strengths."""
    import tensorly
    from tensorly.decomposition import parafac

    init = (np.ones(targets), start)
    with tensorly.backend_context("numpy", local_threadsafe=True):
        found = parafac(core, targets, n_iter_max=iterations, init=init, tol=tolerance, l2_reg=ROUNDING)
    first, *others = found.factors
    return [first * found.weights, *others]
