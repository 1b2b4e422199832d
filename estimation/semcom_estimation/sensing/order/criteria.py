"""Information criteria of eigenvalues. [Wax & Kailath 1985]"""

import numpy as np

ROUNDING = 1e-13  # of the largest eigenvalue: what is below is not noise but arithmetic


def deviances(eigenvalues: np.ndarray, snapshots: int) -> tuple[np.ndarray, np.ndarray]:
    """-2 log L of k = 0, 1, ..., p - 1 targets, and their free parameters 1 + k (2 p - k).

    log L = T (p - k) log(geometric mean / arithmetic mean) of the p - k smallest eigenvalues, of T snapshots. Fewer
    snapshots than samples leave as many eigenvalues as there are snapshots: p is the smaller of the two.
    """
    usable = eigenvalues[: min(len(eigenvalues), snapshots)]
    usable = np.maximum(usable, max(float(usable[0]), 1e-300) * ROUNDING)
    count = len(usable)
    left = count - np.arange(count)
    logs = np.cumsum(np.log(usable)[::-1])[::-1]
    sums = np.cumsum(usable[::-1])[::-1]
    targets = np.arange(count)
    return -2.0 * snapshots * (logs - left * np.log(sums / left)), 1.0 + targets * (2.0 * count - targets)
