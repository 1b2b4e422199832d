"""Geometric laws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from semcom.marginals.marginal import Marginal

if TYPE_CHECKING:
    import numpy as np

    from semcom.coupling.masses import Floats

Decay = Annotated[float, Field(ge=0.0, le=30.0)]


class Geometric(Marginal):
    """Weights exp(-a k / n) of letters k = 0, ..., n - 1, with a decay a that is uniform in a range."""

    kind: Literal["geometric"] = "geometric"
    decays: tuple[Decay, Decay] = (2.0, 10.0)
    """The least and the greatest decay a, over all letters together."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.decays[0] > self.decays[1]:
            raise ValueError(f"decays go from {self.decays[0]} to {self.decays[1]}; expected the least first")
        return self

    def weights(self, letters: int, rng: np.random.Generator) -> Floats:
        """Of the letters."""
        import numpy as np

        found: Floats = np.exp(-rng.uniform(*self.decays) / letters * np.arange(letters))
        return found
