"""Dirichlet laws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom.marginals.marginal import Marginal

if TYPE_CHECKING:
    import numpy as np

    from semcom.coupling.masses import Floats


class Dirichlet(Marginal):
    """A Dirichlet law: at concentration 1 all distributions are equally likely, below it few letters hold the mass."""

    kind: Literal["dirichlet"] = "dirichlet"
    concentration: Annotated[float, Field(ge=0.01, le=1000.0)] = 1.0
    """The parameter of each letter."""

    def weights(self, letters: int, rng: np.random.Generator) -> Floats:
        """Of the letters."""
        import numpy as np

        return rng.dirichlet(np.full(letters, self.concentration))
