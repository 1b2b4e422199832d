"""The greedy coupling as public implementations have it, to compare with."""

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.coupling import Coupling
from semcom.coupling.masses import to_masses


def couple_by_argmax(p_x: ArrayLike, p_y: ArrayLike) -> Coupling:
    """The greedy coupling in O(n^2): the largest masses of both sides are looked for among all at each step.

    The entries are those of `couple_greedily`. Raises UserError as `to_masses`.
    """
    p, q = to_masses(p_x, "p_x"), to_masses(p_y, "p_y")
    left_p, left_q = p.copy(), q.copy()
    entries = []
    while True:
        i, j = int(np.argmax(left_p)), int(np.argmax(left_q))
        mass = min(left_p[i], left_q[j])
        if mass == 0:
            break
        entries.append((i, j, int(mass)))
        left_p[i] -= mass
        left_q[j] -= mass
    rows, columns, masses = np.asarray(entries, np.int64).T
    return Coupling(rows, columns, masses, p, q)
