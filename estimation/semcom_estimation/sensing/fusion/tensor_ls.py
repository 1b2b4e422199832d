"""Least squares of a full core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.fusion.fusion import Fusion

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.compression.compression import Compressed


class TensorLs(Fusion):
    """The largest entries of the core B = H x_1 pinv(A_1) x_2 pinv(A_2) ... [arXiv 2503.21242]"""

    kind: Literal["tensor_ls"] = "tensor_ls"

    def paired(self, small: Compressed, candidates: Sequence[np.ndarray], targets: int) -> np.ndarray:
        """Cells of most power in the core."""
        from semcom_estimation.sensing.fusion.cells import Cells

        cells = Cells(small, candidates)
        return cells.frequencies(cells.brightest(cells.core(), targets))
