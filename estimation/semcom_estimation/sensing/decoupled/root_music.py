"""Root-MUSIC."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom_estimation.sensing.decoupled.decoupled import Decoupled

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look


class RootMusic(Decoupled):
    """Roots of a(1/z)' E E* a(z), E the noise subspace: those nearest to the unit circle from inside. [Barabell 1983]

    Roots outside the field of view do not count.
    """

    kind: Literal["root_music"] = "root_music"
    needs_tones: ClassVar[bool] = True

    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """Angles of roots."""
        from semcom_estimation.sensing.decoupled.polynomials import music_roots

        return music_roots(look, look.least(order))
