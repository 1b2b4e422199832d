"""Orthogonal matching pursuit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom_estimation.sensing.decoupled.decoupled import Decoupled
from semcom_estimation.sensing.decoupled.music import PerBin

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look


class Omp(Decoupled):
    """Simultaneous orthogonal matching pursuit over all snapshots. [Tropp, Gilbert & Strauss 2006]

    Frequencies are points of the grid: a lone target is found to half a step.
    """

    kind: Literal["omp"] = "omp"
    per_bin: PerBin = 16.0
    """Points of the grid to a resolution bin."""

    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """On the grid."""
        from semcom_estimation.sensing.decoupled.spectra import pursued

        return pursued(look, min(order, look.length), self.per_bin)
