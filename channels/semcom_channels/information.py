"""Entropies and capacities, in bits."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from semcom_channels.units import linear

if TYPE_CHECKING:
    import numpy as np


def binary_entropy(p: float) -> float:
    """h(p) = -p log2 p - (1-p) log2 (1-p), for p in [0, 1]."""
    return sum(-q * math.log2(q) for q in (p, 1.0 - p) if q > 0.0)


def blahut_arimoto(transition: Sequence[Sequence[float]], tolerance: float = 1e-9, most_steps: int = 100_000) -> float:
    """The capacity max I(X; Y) of P(y | x) (rows sum to 1), to `tolerance` bits. [Blahut 1972; Arimoto 1972]

    The law of the input is multiplied by exp D(P(. | x) || P_Y) until the largest divergence, which bounds the capacity
    from above, and its mean, which bounds it from below, meet. Raises ArithmeticError if `most_steps` do not suffice.
    """
    import numpy as np

    kernel = np.asarray(transition, dtype=np.float64)
    law = np.full(len(kernel), 1.0 / len(kernel))
    for _ in range(most_steps):
        output = law @ kernel
        ratio = np.divide(kernel, output, out=np.ones_like(kernel), where=(kernel > 0.0) & (output > 0.0))
        divergence = np.sum(kernel * np.log2(ratio), axis=1)
        lower = float(law @ divergence)
        if float(divergence.max()) - lower < tolerance:
            return max(lower, 0.0)
        law = law * np.exp2(divergence - divergence.max())
        law /= law.sum()
    raise ArithmeticError(f"Blahut-Arimoto did not reach {tolerance} bit in {most_steps} steps")


def mean_log_det(gains: "np.ndarray", snr_db: float) -> float:
    """The mean of log2 det(I + SNR H H* / tx) bits over gains `[sample, rx, tx]`. [Telatar 1999, eq. 8]"""
    import numpy as np

    products = gains.astype(np.complex128) @ np.conj(np.swapaxes(gains, 1, 2))
    eigenvalues = np.maximum(np.linalg.eigvalsh(products), 0.0)
    return float(np.mean(np.sum(np.log2(1.0 + linear(snr_db) / gains.shape[2] * eigenvalues), axis=1)))
