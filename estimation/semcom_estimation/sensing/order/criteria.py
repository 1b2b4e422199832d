"""Information criteria of eigenvalues. [Wax & Kailath 1985]"""

import numpy as np

ROUNDING = 1e-13  # of the largest eigenvalue: what is below is not noise but arithmetic


def told(eigenvalues: np.ndarray, snapshots: int) -> tuple[np.ndarray, int]:
    """The p eigenvalues that can differ from 0, p the smaller one of samples N and snapshots T; the larger one.

    N samples in T snapshots and T samples in N snapshots have the same ones, but for a factor: where T < N, snapshots
    and samples change places. ValueError where there is one alone.
    """
    count = min(len(eigenvalues), snapshots)
    if count < 2:
        raise ValueError(
            "one snapshot has one eigenvalue, which does not tell targets from noise. "
            "Give the number of targets, or choose smoothing, which makes snapshots"
        )
    usable = np.maximum(eigenvalues[:count], max(float(eigenvalues[0]), 1e-300) * ROUNDING)
    return usable, max(len(eigenvalues), snapshots)


def deviances(eigenvalues: np.ndarray, snapshots: int) -> tuple[np.ndarray, np.ndarray, int]:
    """-2 log L of k = 0, 1, ..., p - 1 targets, their free parameters 1 + k (2 p - k), and the snapshots that count.

    log L = T (p - k) log(geometric mean / arithmetic mean) of the p - k smallest eigenvalues, of T snapshots.
    """
    usable, larger = told(eigenvalues, snapshots)
    count = len(usable)
    left = count - np.arange(count)
    logs = np.cumsum(np.log(usable)[::-1])[::-1]
    sums = np.cumsum(usable[::-1])[::-1]
    targets = np.arange(count)
    return -2.0 * larger * (logs - left * np.log(sums / left)), 1.0 + targets * (2.0 * count - targets), larger
