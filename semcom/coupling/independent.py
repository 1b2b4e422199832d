"""The product law."""

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.comonotone import overlaps
from semcom.coupling.coupling import Coupling
from semcom.coupling.entropy import shares_of
from semcom.coupling.masses import to_masses

BELOW = 1.0 - 2.0**-50
"""Keeps a rounded product from being greater than the true one."""


def couple_independently(p_x: ArrayLike, p_y: ArrayLike) -> Coupling:
    """X and Y independent: up to n m entries, rounded to whole masses with both marginals exact.

    Products are rounded down; what that leaves, some units of 2^-50 in each row and column, goes where the cumulative
    sums of what is left overlap. Raises UserError as `to_masses`.
    """
    p, q = to_masses(p_x, "p_x"), to_masses(p_y, "p_y")
    cells = np.floor(p[:, None] * (shares_of(q) * BELOW)).astype(np.int64)
    rows, columns, units = overlaps(p - cells.sum(axis=1), q - cells.sum(axis=0))
    cells[rows, columns] += units
    rows, columns = np.nonzero(cells)
    return Coupling(rows, columns, cells[rows, columns], p, q)
