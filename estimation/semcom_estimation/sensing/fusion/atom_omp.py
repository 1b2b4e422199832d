"""Orthogonal matching pursuit, atom by atom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.fusion.fusion import Fusion

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.compression.compression import Compressed


class AtomOmp(Fusion):
    """The cell that the residual correlates with most; gains of chosen atoms alone are fitted anew; again.

    The tensor is projected once. Residuals follow from A*A, the product over modes of their own Gram matrices. [Pati,
    Rezaiifar & Krishnaprasad 1993]
    """

    kind: Literal["atom_omp"] = "atom_omp"

    def paired(self, small: Compressed, candidates: Sequence[np.ndarray], targets: int) -> np.ndarray:
        """In the order of choice; no cell twice."""
        from semcom_estimation.sensing.fusion.cells import Cells

        cells = Cells(small, candidates)
        return cells.frequencies(cells.pursued(targets, cells.without_atoms))
