"""Uniform masses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.marginals.marginal import Marginal

if TYPE_CHECKING:
    import numpy as np

    from semcom.coupling.masses import Floats


class UniformMasses(Marginal):
    """Weights that are independent and uniform between 0 and 1."""

    kind: Literal["uniform"] = "uniform"

    def weights(self, letters: int, rng: np.random.Generator) -> Floats:
        """Of the letters."""
        return rng.random(letters)
