"""What every order rule is: from eigenvalues to the number of targets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from semcom_channels.spec import Part

if TYPE_CHECKING:
    import numpy as np


class Order(Part):
    """Tells how many targets stand out in each mode."""

    @abstractmethod
    def orders(self, eigenvalues: Sequence[np.ndarray], snapshots: Sequence[int]) -> tuple[int, ...]:
        """One number for each mode, 0 to N - 1.

        From eigenvalues `[N]` of each mode's covariance, the largest first, and the snapshots of each. ValueError where
        one snapshot, which has one eigenvalue, cannot tell.
        """
