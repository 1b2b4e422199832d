"""Leading subspaces of unfoldings, by Gram matrices."""

from collections.abc import Sequence

import numpy as np


def unfolded(tensor: np.ndarray, axis: int) -> np.ndarray:
    """One mode along the rows, all others along the columns."""
    return np.moveaxis(tensor, axis, 0).reshape(tensor.shape[axis], -1)


def gram(tensor: np.ndarray, axis: int, weights: Sequence[np.ndarray] | None = None) -> np.ndarray:
    """Y Y* of a mode's unfolding, complex128; samples of the other modes may have weights `[length]` each."""
    if weights is not None:
        for other, weight in enumerate(weights):
            if other != axis:
                root = np.sqrt(weight).astype(tensor.real.dtype)
                tensor = tensor * root.reshape(-1, *[1] * (tensor.ndim - 1 - other))
    rows = unfolded(tensor, axis)
    return np.asarray((rows @ rows.conj().T).astype(complex))


def leading(hermitian: np.ndarray, count: int) -> np.ndarray:
    """Eigenvectors of the largest eigenvalues, `[length, count]`, the largest first."""
    return np.asarray(np.linalg.eigh(hermitian)[1][:, ::-1][:, :count])


def left_vectors(matrix: np.ndarray, count: int) -> np.ndarray:
    """Left singular vectors of the largest singular values, `[rows, count]`, by the smaller Gram matrix."""
    if matrix.shape[0] <= matrix.shape[1]:
        return leading(matrix @ matrix.conj().T, count)
    right = leading(matrix.conj().T @ matrix, count)
    return np.asarray(np.linalg.qr(matrix @ right)[0])
