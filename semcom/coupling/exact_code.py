"""The best code of few letters: all maps are tried, and split."""

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.codes import code_of
from semcom.coupling.coupling import Coupling
from semcom.coupling.ebim import best_code
from semcom.coupling.entropy import entropy_of, shares_of
from semcom.coupling.masses import check_rate, to_masses
from semcom.coupling.order import descending
from semcom.coupling.partitions import MOST_LETTERS, maps_below
from semcom.errors import UserError


def exact_code(p_x: ArrayLike, rate_bits: float) -> Coupling:
    """The best code with H(T) <= R that splits one letter at most, of at most 8 letters with mass: all are tried.

    Raises UserError as `to_masses`, for R < 0 and for more letters.
    """
    p, rate = to_masses(p_x, "p_x"), check_rate(rate_bits)
    order = descending(p)
    if order.size > MOST_LETTERS:
        raise UserError(
            f"p_x has {order.size} letters with mass; expected at most {MOST_LETTERS} to try all maps. Take ebim."
        )
    if entropy_of(p) <= rate:
        return code_of(p, np.arange(p.size))
    return best_code(p, order, maps_below(shares_of(p[order]), rate), rate)
