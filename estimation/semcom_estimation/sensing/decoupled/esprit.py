"""ESPRIT."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom_estimation.sensing.decoupled.decoupled import Decoupled

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look


class Esprit(Decoupled):
    """Eigenvalues exp(2 pi j f) of F in S_1 F = S_2, the signal subspace without its last and its first row.

    "ls": least squares; "tls": total least squares [Roy & Kailath 1989]; "unitary": of a real subspace, which implies
    averages forward and backward [Haardt & Nossek 1995].
    """

    kind: Literal["esprit"] = "esprit"
    needs_tones: ClassVar[bool] = True
    variant: Literal["ls", "tls", "unitary"] = "tls"
    """How the invariance equation is solved."""

    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """Those eigenvalues that are in the field of view."""
        from semcom_estimation.sensing.decoupled.pencils import least_squares, total_least_squares, unitary

        solve = {"ls": least_squares, "tls": total_least_squares, "unitary": unitary}[self.variant]
        return look.inside(look.of_turns(solve(look, look.least(order))))
