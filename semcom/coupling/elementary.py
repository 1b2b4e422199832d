"""Logarithm and exponential that are the same on any machine.

Libraries round the last bit of a logarithm as their processor likes; where two ends choose by one they must not differ.
Here both are series of elementary operations, which IEEE 754 rounds alike everywhere.
"""

import numpy as np

from semcom.coupling.masses import Floats

LN_2 = 0.6931471805599453
LN_2_PARTS = (0.693147180369123816490, 1.90821492927058770002e-10)
"""It in two parts, the first short enough for exact multiples."""
SERIES = tuple(2.0 / LN_2 / (2 * k + 1) for k in range(10, -1, -1))
"""Of log2((1 + s) / (1 - s)) = 2 / ln 2 (s + s^3 / 3 + s^5 / 5 + ...) for |s| <= 0.172, from the last down."""
ROOT_HALF = 0.7071067811865476
LAST = 16  # term of the series of exp(x), |x| <= ln(2) / 2
LEAST = -746.0  # from where down e^x is 0


def log2(values: Floats) -> Floats:
    """The binary logarithm of positive numbers, to within three units in the last place."""
    parts, exponent = np.frexp(values)
    low = parts < ROOT_HALF
    mantissa: Floats = np.where(low, parts + parts, parts)
    ratio: Floats = (mantissa - 1.0) / (mantissa + 1.0)
    square = ratio * ratio
    series: Floats = np.full_like(ratio, SERIES[0])
    for coefficient in SERIES[1:]:
        series *= square
        series += coefficient
    series *= ratio
    series += exponent - low
    return series


def exp(x: Floats) -> Floats:
    """e^x for x <= 709, to a few units in the last place; 0 below the smallest float."""
    x = np.maximum(x, LEAST)
    halvings = np.rint(x / (LN_2_PARTS[0] + LN_2_PARTS[1]))
    rest = (x - halvings * LN_2_PARTS[0]) - halvings * LN_2_PARTS[1]
    series = np.ones_like(rest)
    for term in range(LAST, 0, -1):
        series = 1.0 + series * rest / term
    return np.ldexp(series, halvings.astype(np.int32))
