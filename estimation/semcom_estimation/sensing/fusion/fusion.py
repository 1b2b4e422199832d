"""What every fusion is: it tells which candidates of the modes belong to one target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

from semcom_channels.spec import Part

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.compression.compression import Compressed


class Fusion(Part):
    """Chooses among the cells of all combinations of candidates."""

    @abstractmethod
    def paired(self, small: Compressed, candidates: Sequence[np.ndarray], targets: int) -> np.ndarray:
        """Frequencies `[target, mode]` of `targets` cells, the first found first; of fewer where there are no more.

        `candidates` are the frequencies of each mode, `[candidate]`, one at least. Powers of snapshots add up.
        """
