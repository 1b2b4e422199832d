"""What every family of distributions is."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from semcom_channels import Part

if TYPE_CHECKING:
    import numpy as np

    from semcom.coupling.masses import Floats, Masses


class Marginal(Part):
    """A family from which distributions are drawn."""

    @abstractmethod
    def weights(self, letters: int, rng: np.random.Generator) -> Floats:
        """Weights of the letters, of any positive sum, `[letter]` float64."""

    def draw(self, letters: int, rng: np.random.Generator) -> Masses:
        """A distribution as masses that sum to 2^50, `[letter]` int64."""
        from semcom.coupling import rescaled

        return rescaled(self.weights(letters, rng), self.kind)
