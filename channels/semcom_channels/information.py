"""Entropies and capacities of discrete channels, in bits."""

import math
from collections.abc import Sequence


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
