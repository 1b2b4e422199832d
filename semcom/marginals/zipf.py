"""Zipf's law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from semcom.marginals.marginal import Marginal

if TYPE_CHECKING:
    import numpy as np

    from semcom.coupling.masses import Floats

Exponent = Annotated[float, Field(ge=0.0, le=10.0)]


class Zipf(Marginal):
    """Weights k^-s of letters k = 1, 2, ..., with an exponent s that is uniform in a range."""

    kind: Literal["zipf"] = "zipf"
    exponents: tuple[Exponent, Exponent] = (0.5, 1.5)
    """The least and the greatest exponent s."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.exponents[0] > self.exponents[1]:
            raise ValueError(f"exponents go from {self.exponents[0]} to {self.exponents[1]}; expected the least first")
        return self

    def weights(self, letters: int, rng: np.random.Generator) -> Floats:
        """Of the letters."""
        import numpy as np

        found: Floats = np.arange(1.0, letters + 1.0) ** -rng.uniform(*self.exponents)
        return found
