"""Spectra over a grid of frequencies: of subspaces, of residuals, of sparse coefficients."""

import numpy as np

from semcom_estimation.sensing.decoupled.look import Look

STEPS = 30
TINY = 1e-13  # bins: a shorter step is rounding


def music_minima(look: Look, order: int, per_bin: float) -> np.ndarray:
    """The lowest local minima of |E* a|^2 / |a|^2 over a grid, each sharpened within a step of the grid."""
    signal = look.signal(order)
    grid = look.grid(per_bin)
    level = 1.0 - np.sum(np.abs(signal.conj().T @ look.unit(grid).values) ** 2, axis=0)
    places = _peaks(-level, order)
    return look.inside(sharpened(look, signal, grid[places], 1.0 / per_bin))


def sharpened(look: Look, signal: np.ndarray, start: np.ndarray, furthest_bins: float) -> np.ndarray:
    """Minima of |E* a|^2 / |a|^2 near `start`, by Gauss-Newton with E E* = I - S S*, no further away than said."""
    furthest = furthest_bins / look.map.length
    found = start.copy()
    for _ in range(STEPS):
        values, slopes = look.unit(found)
        heard, turned = signal.conj().T @ values, signal.conj().T @ slopes
        slope = np.real(np.sum(slopes.conj() * values, axis=0) - np.sum(turned.conj() * heard, axis=0))
        curve = np.sum(np.abs(slopes) ** 2, axis=0) - np.sum(np.abs(turned) ** 2, axis=0)
        moved = np.clip(found - slope / np.maximum(curve, 1e-300), start - furthest, start + furthest)
        small = np.max(np.abs(moved - found)) * look.map.length < TINY
        found = moved
        if small:
            break
    return found


def pursued(look: Look, order: int, per_bin: float) -> np.ndarray:
    """Grid points chosen one after the other, each where a* P R P a is largest; P projects out those before."""
    grid = look.grid(per_bin)
    atoms = look.unit(grid).values
    chosen: list[int] = []
    left = look.covariance
    for _ in range(order):
        power = np.real(np.sum(atoms.conj() * (left @ atoms), axis=0))
        power[chosen] = -np.inf
        chosen.append(int(np.argmax(power)))
        basis = np.linalg.qr(atoms[:, chosen])[0]
        away = np.eye(look.length) - basis @ basis.conj().T
        left = away @ look.covariance @ away
    return look.inside(grid[chosen])


def sparse(look: Look, order: int, per_bin: float, weight: float, steps: int) -> np.ndarray:
    """Frequencies at the peaks of group-sparse coefficients of the scaled signal subspace."""
    grid = look.grid(per_bin)
    data = look.signal(order) * np.sqrt(np.maximum(look.values[:order], 0.0))
    found = group_sparse(look.unit(grid).values, data, weight, steps)
    return look.inside(grid[_peaks(np.linalg.norm(found, axis=1), order)])


def group_sparse(atoms: np.ndarray, data: np.ndarray, weight: float, steps: int) -> np.ndarray:
    """X of min |Y - A X|^2 / 2 + lambda sum over rows p of |x_p|, `[atom, column of Y]`.

    lambda is `weight` times the least for which all X vanish.
    """
    gram, heard = atoms.conj().T @ atoms, atoms.conj().T @ data
    limit = weight * float(np.max(np.linalg.norm(heard, axis=1)))
    rate = 1.0 / float(np.linalg.norm(atoms, 2)) ** 2
    found = ahead = np.zeros_like(heard)
    inertia = 1.0
    for _ in range(steps):
        moved = ahead - rate * (gram @ ahead - heard)
        sizes = np.linalg.norm(moved, axis=1, keepdims=True)
        shrunk = moved * np.maximum(1.0 - rate * limit / np.maximum(sizes, 1e-300), 0.0)
        more = (1.0 + np.sqrt(1.0 + 4.0 * inertia**2)) / 2.0
        ahead = shrunk + (inertia - 1.0) / more * (shrunk - found)
        found, inertia = shrunk, more
    return np.asarray(found)


def _peaks(level: np.ndarray, most: int) -> np.ndarray:
    """Places of the highest local maxima, ends included."""
    walled = np.concatenate([[-np.inf], level, [-np.inf]])
    places = np.flatnonzero((level >= walled[:-2]) & (level > walled[2:]))
    return np.asarray(places[np.argsort(-level[places])][:most])
