"""Sparse coefficients by accelerated proximal gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.decoupled.decoupled import Decoupled
from semcom_estimation.sensing.decoupled.music import PerBin

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look


class Fista(Decoupled):
    """Group-sparse coefficients on a grid, min |Y - A X|^2 / 2 + lambda sum of |x_p|, of the signal subspace Y.

    FISTA [Beck & Teboulle 2009] for the l1-SVD [Malioutov, Cetin & Willsky 2005]. Frequencies are points of the grid: a
    lone target is found to a step.
    """

    kind: Literal["fista"] = "fista"
    per_bin: PerBin = 4.0
    """Points of the grid to a resolution bin."""
    weight: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.1
    """lambda over the least for which nothing is found."""
    steps: Annotated[int, Field(ge=1, le=100_000)] = 300
    """Iterations."""

    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """On the grid, at the highest peaks."""
        from semcom_estimation.sensing.decoupled.spectra import sparse

        return sparse(look, min(order, look.length), self.per_bin, self.weight, self.steps)
