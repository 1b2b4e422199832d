"""Fisher information of targets, by products of what modes say alone.

With atoms a_k = b_1k o b_2k o ... the inner product of two atoms is the product over modes of those of their factors,
so that no tensor needs to be built: A*A = (B_1* B_1) . (B_2* B_2) . ..., elementwise.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from semcom_estimation.sensing.steering import Response

ROUNDING, SINGULAR = 1e-14, 1e-12


class Grams(NamedTuple):
    """Inner products of atoms and of their derivatives."""

    atoms: np.ndarray
    """A*A, `[target, target]`."""
    crossed: np.ndarray
    """A*D_m, `[mode, target, target]`."""
    slopes: np.ndarray
    """D_m*D_n, `[mode, mode, target, target]`."""


def grams(responses: Sequence[Response]) -> Grams:
    """Of targets by their responses in each mode."""
    values = [response.values.conj().T @ response.values for response in responses]
    crossed = [response.values.conj().T @ response.slopes for response in responses]
    slopes = [response.slopes.conj().T @ response.slopes for response in responses]
    modes = len(responses)
    without = [_product(values, (mode,)) for mode in range(modes)]
    every = np.empty((modes, modes, *values[0].shape), complex)
    for mode in range(modes):
        every[mode, mode] = slopes[mode] * without[mode]
        for other in range(mode + 1, modes):
            both = crossed[mode].conj().T * crossed[other] * _product(values, (mode, other))
            every[mode, other] = both
            every[other, mode] = both.conj().T
    atoms = _product(values, ())
    atoms += ROUNDING * np.trace(atoms).real / len(atoms) * np.eye(len(atoms))  # targets that coincide share their gain
    return Grams(atoms, np.stack([crossed[mode] * without[mode] for mode in range(modes)]), every)


def _product(factors: Sequence[np.ndarray], left_out: tuple[int, ...]) -> np.ndarray:
    product = np.ones_like(factors[0])
    for mode, factor in enumerate(factors):
        if mode not in left_out:
            product = product * factor
    return product


def information(found: Grams, gains: np.ndarray) -> np.ndarray:
    """Re D* (I - A (A*A)^-1 A*) D for frequencies, `[mode * target, mode * target]`, gains projected out.

    Where the noise has the variance s per element, (2 / s) times this is the Fisher matrix of the frequencies when the
    gains are unknown and deterministic. [Stoica & Nehorai 1989, eq. 2.11, for a tensor]
    """
    modes, targets = len(found.crossed), len(gains)
    crossed = (found.crossed * gains).transpose(1, 0, 2).reshape(targets, modes * targets)  # A* D
    whole = (found.slopes * (gains.conj()[:, None] * gains)).transpose(0, 2, 1, 3)
    whole = whole.reshape(modes * targets, modes * targets)
    return np.asarray(np.real(whole - crossed.conj().T @ np.linalg.solve(found.atoms, crossed)))


def covariances(information_matrix: np.ndarray, noise_variance: float, modes: int) -> np.ndarray:
    """The Cramer-Rao bound of each target's frequencies, `[target, mode, mode]`, from `information`.

    Of targets that nearly coincide it is as large as the digits tell, a million times the bound of each alone.
    """
    targets = len(information_matrix) // modes
    scale = 1.0 / np.sqrt(np.maximum(np.diag(information_matrix), np.finfo(float).tiny))
    relative = information_matrix * scale[:, None] * scale + SINGULAR * np.eye(len(scale))
    inverse = (np.linalg.inv(relative) * scale[:, None] * scale).reshape(modes, targets, modes, targets)
    return np.asarray(noise_variance / 2.0 * np.einsum("mknk->kmn", inverse))
