"""Frequencies from the shift invariance of a signal subspace."""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from semcom_estimation.sensing.steering import along
from semcom_estimation.sensing.subspaces import gram, leading, left_vectors

MIXTURES = 8


def frequencies_of(tensor: np.ndarray, shifts: Sequence[int], targets: int, unitary: bool) -> np.ndarray:
    """`[target, mode]` of subtensors at as many `shifts` of each mode, which count as snapshots.

    The smoothed tensor, `[kept of each mode ..., snapshot]`, is never built: each mode's subspace follows from sums
    of blocks of a weighted Gram matrix, and the core from correlating each mode with that subspace's vectors.
    """
    snapshots = [tensor, np.flip(tensor).conj()] if unitary else [tensor]
    bases = [basis_of(tensor, axis, shifts, targets, unitary) for axis in range(tensor.ndim)]
    core = np.hstack([core_of(one, bases, shifts) for one in snapshots])
    signal = left_vectors(core, targets).reshape(*(basis.shape[1] for basis in bases), targets)
    turns = [_turn(signal, basis, axis) for axis, basis in enumerate(bases)]
    values = _paired(np.stack(turns))
    return np.asarray(np.angle(values).T / (2.0 * np.pi))


def basis_of(tensor: np.ndarray, axis: int, shifts: Sequence[int], targets: int, unitary: bool) -> np.ndarray:
    """The leading subspace of a mode of the smoothed tensor, `[kept, dimension]`."""
    weights = [_times(length, shift) for length, shift in zip(tensor.shape, shifts, strict=True)]
    whole = gram(tensor, axis, weights)
    kept = tensor.shape[axis] - shifts[axis] + 1
    smoothed = np.zeros((kept, kept), complex)
    for shift in range(shifts[axis]):
        smoothed += whole[shift : shift + kept, shift : shift + kept]
    if unitary:
        smoothed = smoothed + smoothed[::-1, ::-1].conj()
    return leading(smoothed, min(kept, targets))


def _times(length: int, shifts: int) -> np.ndarray:
    """In how many of the shifted windows each sample is, `[length]`."""
    return np.convolve(np.ones(length - shifts + 1), np.ones(shifts))


def core_of(tensor: np.ndarray, bases: Sequence[np.ndarray], shifts: Sequence[int]) -> np.ndarray:
    """The smoothed tensor in the bases, `[product of dimensions, product of shifts]`."""
    order = sorted(range(tensor.ndim), key=lambda axis: bases[axis].shape[1] * shifts[axis] / tensor.shape[axis])
    for axis in order:
        kept, dimension = bases[axis].shape
        bank = np.zeros((dimension, shifts[axis], kept + shifts[axis] - 1), tensor.dtype)
        windows = sliding_window_view(bank, kept, axis=2, writeable=True)
        for shift in range(shifts[axis]):
            windows[:, shift, shift] = bases[axis].conj().T
        tensor = along(tensor, bank.reshape(dimension * shifts[axis], -1), axis)
    sizes = [size for basis, shift in zip(bases, shifts, strict=True) for size in (basis.shape[1], shift)]
    modes = len(bases)
    apart = tensor.reshape(sizes).transpose(*range(0, 2 * modes, 2), *range(1, 2 * modes, 2))
    return np.asarray(apart.reshape(int(np.prod(sizes[::2])), -1).astype(complex))


def _turn(signal: np.ndarray, basis: np.ndarray, axis: int) -> np.ndarray:
    """Psi of a mode by least squares, `[target, target]`."""
    targets = signal.shape[-1]
    early = along(signal, basis[:-1], axis).reshape(-1, targets)
    late = along(signal, basis[1:], axis).reshape(-1, targets)
    return np.asarray(np.linalg.lstsq(early, late, rcond=None)[0])


def _paired(turns: np.ndarray) -> np.ndarray:
    """Eigenvalues `[mode, target]` of matrices `[mode, target, target]` that share their eigenvectors.

    Of a few mixtures of the matrices, the one whose eigenvectors make them all most nearly diagonal.
    """
    mixer = np.random.default_rng(0)
    best, least = np.diagonal(turns, axis1=1, axis2=2), np.inf
    for _ in range(MIXTURES):
        weights = mixer.standard_normal((2, len(turns)))
        vectors = np.linalg.eig(np.tensordot(weights[0] + 1j * weights[1], turns, 1))[1]
        turned = _similar(vectors, turns)
        values = np.diagonal(turned, axis1=1, axis2=2)
        off = float(np.sum(np.abs(turned) ** 2) - np.sum(np.abs(values) ** 2))
        if off < least:
            best, least = values, off
    return np.asarray(best)


def _similar(vectors: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """V^-1 Psi V of each Psi; by the pseudo-inverse, for eigenvectors that nearly coincide."""
    return np.asarray(np.linalg.pinv(vectors, rcond=1e-14) @ turns @ vectors)
