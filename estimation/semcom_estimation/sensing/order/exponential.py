"""The exponential profile of noise eigenvalues. [Quinlan, Barbot, Larzabal & Haardt 2007]"""

import math
from functools import lru_cache

import numpy as np

from semcom_estimation.sensing.order.criteria import told

DRAWS, SEED = 3000, 2007
LARGEST = 3_000_000  # eigenvalues times their number and draws: thresholds of more rest on fewer draws


def breaks(eigenvalues: np.ndarray, snapshots: int, false_alarm: float) -> int:
    """How few eigenvalues are left out when the others, together, follow the profile of noise alone."""
    usable, larger = told(eigenvalues, snapshots)
    excess = _excesses(usable[None], larger)[0]
    for left_out in range(len(usable) - 1):
        size = len(usable) - left_out
        if excess[size - 2] <= _threshold(size, larger, false_alarm):
            return left_out
    return len(usable) - 1


def _excesses(eigenvalues: np.ndarray, snapshots: int) -> np.ndarray:
    """(found - predicted) / predicted of the eigenvalue above the P smallest, P = 1..p-1; `[draw, p - 1]`.

    The prediction is (P + 1) (1 - r) / (1 - r^(P+1)) s^2, with s^2 the mean of the P + 1 smallest and r their ratio.
    """
    rising = eigenvalues[:, ::-1]
    sizes = np.arange(2, rising.shape[1] + 1)
    means = np.cumsum(rising, axis=1)[:, 1:] / sizes
    ratios = np.array([_ratio(int(size), snapshots) for size in sizes])
    predicted = sizes * (1.0 - ratios) / (1.0 - ratios**sizes) * means
    return np.asarray((rising[:, 1:] - predicted) / predicted)


def _ratio(size: int, snapshots: int) -> float:
    """exp(-2 a) between neighbours, such that sum and sum of squares of the profile are those of a Wishart matrix."""
    first = 15.0 / (size**2 + 2.0)
    inner = first**2 - 180.0 * size / (snapshots * (size**2 - 1.0) * (size**2 + 2.0))
    return math.exp(-2.0 * math.sqrt(0.5 * (first - math.sqrt(max(inner, 0.0)))))


@lru_cache(maxsize=1024)
def _threshold(count: int, snapshots: int, false_alarm: float) -> float:
    """The quantile of the excess of the largest of `count` eigenvalues of noise."""
    rng = np.random.default_rng([SEED, count, snapshots])
    draws = max(min(DRAWS, LARGEST // count**2), math.ceil(10.0 / false_alarm))
    values = np.stack([_wishart(count, snapshots, rng) for _ in range(draws)])
    return float(np.quantile(_excesses(values, snapshots)[:, -1], 1.0 - false_alarm))


def _wishart(count: int, snapshots: int, rng: np.random.Generator) -> np.ndarray:
    """Eigenvalues of a sample covariance of white noise, the largest first, by Bartlett's decomposition."""
    pair = rng.standard_normal((2, count, count)) * math.sqrt(0.5)
    lower = np.tril(pair[0] + 1j * pair[1], -1)
    lower[np.diag_indices(count)] = np.sqrt(rng.gamma(snapshots - np.arange(count)))
    return np.asarray(np.linalg.svd(lower, compute_uv=False) ** 2 / snapshots)
