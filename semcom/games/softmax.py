"""Softmax that is the same on any machine.

Libraries round the last bit of an exponential as their processor likes; the two ends of a game must not differ. Here it
is a series of elementary operations, which IEEE 754 rounds alike everywhere.
"""

import math
from collections.abc import Sequence

LN_2 = (0.693147180369123816490, 1.90821492927058770002e-10)  # in two parts, the first short enough for exact multiples
LAST = 16  # term of the series of exp(x), |x| <= ln(2) / 2


def softmax(logits: Sequence[float]) -> list[float]:
    """exp(x_k) / sum exp(x_j)."""
    highest = max(logits)
    weights = [exp(one - highest) for one in logits]
    total = sum(weights)
    return [weight / total for weight in weights]


def exp(x: float) -> float:
    """e^x for x <= 0, to a few units in the last place; 0 below the smallest float."""
    if x < -745.2:
        return 0.0
    halvings = round(x / (LN_2[0] + LN_2[1]))
    rest = (x - halvings * LN_2[0]) - halvings * LN_2[1]
    series = 1.0
    for term in range(LAST, 0, -1):
        series = 1.0 + series * rest / term
    return math.ldexp(series, halvings)
