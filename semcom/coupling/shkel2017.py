"""A code of fixed length under logarithmic loss, to compare with. [Shkel, Raginsky, Verdu 2017]"""

import math
from heapq import heapreplace

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.codes import code_of
from semcom.coupling.coupling import Coupling
from semcom.coupling.masses import Masses, check_rate, to_masses
from semcom.coupling.order import descending

ROUNDING = 1e-12  # of log2 of whole numbers, in bits


def shkel2017(p_x: ArrayLike, rate_bits: float) -> Coupling:
    """The code T = g(X) with floor(2^R) letters of nearly equal mass; rows are X, columns T.

    A code of fixed length has M = floor(2^R) codewords, and under logarithmic loss it loses H(X | T) = H(X) - H(T): T
    should be as uniform as can be. Letters in descending order go to the codeword of the least mass so far, the first
    of equal ones. Then H(T) <= log2 M <= R, and nothing is sent for R < 1. The setting is that of [Shkel, Raginsky,
    Verdu 2017, Universal lossy compression under logarithmic loss]; how the codewords are filled is ours.

    Raises UserError as `to_masses`, and for R < 0.
    """
    p, rate = to_masses(p_x, "p_x"), check_rate(rate_bits)
    codewords = min(p.size, round(2.0 ** min(rate, 30.0)))
    codewords -= math.log2(max(codewords, 1)) > rate + ROUNDING
    code = _of_length(p, max(codewords, 1))
    while code.column_entropy_bits > rate:  # by rounding alone
        codewords -= 1
        code = _of_length(p, codewords)
    return code


def _of_length(p: Masses, codewords: int) -> Coupling:
    labels = np.zeros(p.size, np.int64)
    filled = [(0, codeword) for codeword in range(codewords)]
    for letter in descending(p).tolist():
        mass, codeword = filled[0]
        labels[letter] = codeword
        heapreplace(filled, (mass + int(p[letter]), codeword))
    return code_of(p, labels)
