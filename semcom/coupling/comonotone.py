"""The comonotone coupling: both marginals sorted and laid side by side."""

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.coupling import Coupling, Indices
from semcom.coupling.masses import Masses, to_masses
from semcom.coupling.order import descending


def couple_comonotone(p_x: ArrayLike, p_y: ArrayLike) -> Coupling:
    """The coupling by quantiles: letters in descending order, joined where their cumulative sums overlap.

    At most n + m - 1 entries, for the price of sorting; no guarantee on the entropy. The first of equal letters goes
    first. Raises UserError as `to_masses`.
    """
    p, q = to_masses(p_x, "p_x"), to_masses(p_y, "p_y")
    return Coupling(*overlaps(p, q), p, q)


def overlaps(p: Masses, q: Masses) -> tuple[Indices, Indices, Masses]:
    """Rows, columns and masses of the overlaps of whole masses of the same sum, whatever it is, `[entry]` int64."""
    order_p, order_q = descending(p), descending(q)
    ends_p, ends_q = p[order_p].cumsum(), q[order_q].cumsum()
    both = np.concatenate((ends_p, ends_q))
    merged = both.argsort(kind="stable")  # of two runs in order: a merge, no sort
    ends = both[merged]
    of_p = merged < ends_p.size
    row, column = of_p.cumsum() - of_p, (~of_p).cumsum() - ~of_p  # ends passed before this one
    masses = np.diff(ends, prepend=0)
    some = masses > 0
    return order_p[row[some]], order_q[column[some]], masses[some]
