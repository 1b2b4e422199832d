"""Spectral MUSIC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.decoupled.decoupled import Decoupled

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look

PerBin = Annotated[float, Field(ge=1.0, le=64.0)]


class Music(Decoupled):
    """The lowest minima of |E* a(f)|^2 / |a(f)|^2, E the noise subspace: on a grid, then refined. [Schmidt 1986]"""

    kind: Literal["music"] = "music"
    per_bin: PerBin = 8.0
    """Points of the grid to a resolution bin."""

    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """Fewer than asked for where two targets have one minimum."""
        from semcom_estimation.sensing.decoupled.spectra import music_minima

        return music_minima(look, look.least(order), self.per_bin)
