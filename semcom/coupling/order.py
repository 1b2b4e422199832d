"""Letters in descending order of mass."""

import numpy as np
from numpy.typing import NDArray

from semcom.coupling.masses import Masses

FEW_TIES = 0.05


def descending(masses: Masses) -> NDArray[np.int64]:
    """Letters with mass from the heaviest down, the first of equal ones first, `[letter]` int64.

    NumPy's fastest sort does not keep equal ones in order; where there are few of them they are put in order after it.
    """
    negative = -masses
    order = np.argsort(negative)[: np.count_nonzero(masses)]
    ordered = negative[order]
    tied = np.flatnonzero(ordered[1:] == ordered[:-1])
    if tied.size > FEW_TIES * order.size:
        return np.argsort(negative, kind="stable")[: order.size]
    if tied.size:
        places = np.union1d(tied, tied + 1)
        order[places] = order[places][np.lexsort((order[places], ordered[places]))]
    return order
