"""Information against rate: what codes of one distribution reach, as rate-distortion theory draws it."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.codes import code_of
from semcom.coupling.coupling import Coupling
from semcom.coupling.ebim import best_code, ebim
from semcom.coupling.ebrahimi2024 import ebrahimi2024
from semcom.coupling.entropy import entropy_bits, shares_of
from semcom.coupling.masses import Floats, check_rate, to_masses
from semcom.coupling.order import descending
from semcom.coupling.partitions import MOST_LETTERS, maps_below
from semcom.coupling.shkel2017 import shkel2017
from semcom.errors import UserError

Encoder = Callable[[ArrayLike, float], Coupling]
"""A code of X for a distribution and a rate in bits: rows are X, columns T, H(T) <= R."""


class RateCurve(NamedTuple):
    """What an encoder makes of given rates; under logarithmic loss its distortion is H(X) - I(X; T)."""

    rate_bits: Floats
    """H(T) of each code, `[rate]`."""
    information_bits: Floats
    """I(X; T) of each code, `[rate]`."""


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
    if entropy_bits(p) <= rate:
        return code_of(p, np.arange(p.size))
    return best_code(p, order, maps_below(shares_of(p[order]), rate), rate)


ENCODERS: Mapping[str, Encoder] = {
    "ebim": ebim,
    "ebrahimi2024": ebrahimi2024,
    "shkel2017": shkel2017,
    "exact": exact_code,
}
"""Encoders by name."""


def rate_curve(p_x: ArrayLike, rates_bits: Sequence[float], encoder: Encoder = ebim) -> RateCurve:
    """The codes of an encoder at given rates. Raises UserError as the encoder."""
    p = to_masses(p_x, "p_x")
    codes = [encoder(p, rate) for rate in rates_bits]
    return RateCurve(
        np.array([code.column_entropy_bits for code in codes]), np.array([code.information_bits for code in codes])
    )
