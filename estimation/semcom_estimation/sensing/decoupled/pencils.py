"""Rotational invariance: frequencies as angles of eigenvalues, in cycles per kept sample."""

import numpy as np

from semcom_estimation.sensing.decoupled.look import Look


def _turns(rotation: np.ndarray) -> np.ndarray:
    return np.asarray(np.angle(np.linalg.eigvals(rotation)) / (2.0 * np.pi))


def least_squares(look: Look, order: int) -> np.ndarray:
    """F = pinv(S_1) S_2."""
    signal = look.signal(order)
    return _turns(np.linalg.lstsq(signal[:-1], signal[1:])[0])


def total_least_squares(look: Look, order: int) -> np.ndarray:
    """F = -V_12 V_22^-1 of the right singular vectors of [S_1 S_2]. [Roy & Kailath 1989]"""
    order = min(order, (look.length - 1))
    signal = look.signal(order)
    right = np.linalg.svd(np.hstack([signal[:-1], signal[1:]]))[2].conj().T
    last = right[:, order:]
    return _turns(-last[:order] @ np.linalg.pinv(last[order:]))


def unitary(look: Look, order: int) -> np.ndarray:
    """2 atan of the eigenvalues of Y in Re(Q* J Q) S Y = Im(Q* J Q) S, S real. [Haardt & Nossek 1995]"""
    turned = _real_basis(look.length)
    vectors = np.linalg.eigh(np.real(turned.conj().T @ look.covariance @ turned))[1]
    signal = vectors[:, ::-1][:, :order]
    moved = _real_basis(look.length - 1).conj().T @ turned[1:]
    tangents = np.linalg.eigvals(np.linalg.lstsq(moved.real @ signal, moved.imag @ signal)[0])
    return np.asarray(np.arctan(np.real(tangents)) / np.pi)


def _real_basis(length: int) -> np.ndarray:
    """The unitary Q, equal to its own conjugate read backwards, that makes centro-Hermitian matrices real."""
    half = length // 2
    eye, flip = np.eye(half), np.eye(half)[::-1]
    basis = np.zeros((length, length), complex)
    basis[:half, :half], basis[:half, length - half :] = eye, 1j * eye
    basis[length - half :, :half], basis[length - half :, length - half :] = flip, -1j * flip
    if length % 2:
        basis[half, half] = np.sqrt(2.0)
    return np.asarray(basis / np.sqrt(2.0))


def pencil(look: Look, order: int, fraction: float) -> np.ndarray:
    """Of Hankel matrices of all snapshots side by side, backwards and conjugate ones too if that was asked for.

    The snapshots are first turned into as many as there are samples, by a unitary matrix: the Hankel matrices turn too.
    """
    samples = len(look.data)
    data = look.data
    if data.shape[1] > samples:
        data = np.asarray(np.linalg.qr(data.conj().T, mode="r")).conj().T
    if look.forward_backward:
        data = np.hstack([data, data[::-1].conj()])
    shifts = min(max(round(fraction * samples), 1), samples - 1)
    hankel = np.hstack([data[at : at + samples - shifts + 1] for at in range(shifts)])
    signal = np.linalg.svd(hankel, full_matrices=False)[0][:, : min(order, len(hankel) - 1)]
    return _turns(np.linalg.lstsq(signal[:-1], signal[1:])[0])
