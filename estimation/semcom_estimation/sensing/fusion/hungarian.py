"""Pairing by assignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.fusion.fusion import Fusion

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.compression.compression import Compressed


class Hungarian(Fusion):
    """Each candidate belongs to one target: assignments of most power in the core of least squares. [Kuhn 1955]

    The second mode is assigned to the first by powers summed over the others, then the third to the pairs, and so on.
    Targets that share a frequency of a mode are missed, all but one, and no more targets are found than the mode of
    fewest candidates has.
    """

    kind: Literal["hungarian"] = "hungarian"

    def paired(self, small: Compressed, candidates: Sequence[np.ndarray], targets: int) -> np.ndarray:
        """The assigned cells of most power."""
        from semcom_estimation.sensing.fusion.cells import Cells

        cells = Cells(small, candidates)
        return cells.frequencies(cells.assigned(targets))
