"""Letters in descending order of mass."""

import numpy as np
from numpy.typing import NDArray

from semcom.coupling.masses import Masses

FEW_TIES = 0.05


def descending(masses: Masses) -> NDArray[np.int64]:
    """Letters with mass from the heaviest down, the first of equal ones first, `[letter]` int64.

    NumPy's fastest sort does not keep equal ones in order; where there are few of them they are put in order after it.
    """
    letters = np.flatnonzero(masses)
    negative = -masses[letters]
    order = np.argsort(negative)
    tied = np.flatnonzero(np.diff(negative[order]) == 0)
    if tied.size > FEW_TIES * letters.size:
        return letters[np.argsort(negative, kind="stable")]
    if tied.size:
        places = np.union1d(tied, tied + 1)
        order[places] = order[places][np.lexsort((order[places], negative[order[places]]))]
    return letters[order]
