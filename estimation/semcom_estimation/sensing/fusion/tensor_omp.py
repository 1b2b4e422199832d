"""Orthogonal matching pursuit with full cores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.fusion.fusion import Fusion

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.compression.compression import Compressed


class TensorOmp(Fusion):
    """The cell that the residual correlates with most; the core on all indices so far is fitted anew; again.

    Two cells with two indices in each of three modes fit a core of eight: six more cells are explained and never
    chosen, whether or not targets are in them. [arXiv 2503.21242]
    """

    kind: Literal["tensor_omp"] = "tensor_omp"

    def paired(self, small: Compressed, candidates: Sequence[np.ndarray], targets: int) -> np.ndarray:
        """In the order of choice; no cell twice."""
        from semcom_estimation.sensing.fusion.cells import Cells

        cells = Cells(small, candidates)
        return cells.frequencies(cells.pursued(targets, cells.without_product))
