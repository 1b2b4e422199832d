"""Fisher information of targets, by products of what modes say alone.

With atoms a_k = b_1k o b_2k o ... the inner product of two atoms is the product over modes of those of their factors,
so that no tensor needs to be built: A*A = (B_1* B_1) . (B_2* B_2) . ..., elementwise.
"""

from collections.abc import Sequence
from functools import lru_cache
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
    modes, targets = len(responses), responses[0].values.shape[1]
    inner = np.empty((modes, 2, targets, 2, targets), complex)  # of values and slopes, mode by mode
    for mode, response in enumerate(responses):
        both = np.concatenate(response, axis=1)
        inner[mode] = (both.conj().T @ both).reshape(2, targets, 2, targets)
    values, crossed, slopes = inner[:, 0, :, 0], inner[:, 0, :, 1], inner[:, 1, :, 1]
    without = np.where(_left_out(modes)[..., None, None], 1.0, values).prod(axis=2)
    every = inner[:, None, 1, :, 0] * crossed * without
    alone = without[range(modes), range(modes)]
    every[range(modes), range(modes)] = slopes * alone
    return Grams(lifted(alone[0] * values[0]), crossed * alone, every)


def lifted(atoms: np.ndarray) -> np.ndarray:
    """A*A with a diagonal larger by rounding: targets that coincide share their gain."""
    return np.asarray(atoms + ROUNDING * np.trace(atoms).real / len(atoms) * np.eye(len(atoms)))


@lru_cache(maxsize=16)
def _left_out(modes: int) -> np.ndarray:
    """Whether the last mode is one of the first two, `[mode, mode, mode]`."""
    one = np.eye(modes, dtype=bool)
    return one[:, None] | one


def information(found: Grams, gains: np.ndarray) -> np.ndarray:
    """Re D* (I - A (A*A)^-1 A*) D for frequencies, `[mode * target, mode * target]`, gains projected out.

    Where the noise has the variance s per element, (2 / s) times this is the Fisher matrix of the frequencies when the
    gains are unknown and deterministic. [Stoica & Nehorai 1989, for a tensor]
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
