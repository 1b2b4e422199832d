"""The matrix pencil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.decoupled.decoupled import Decoupled

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look


class MatrixPencil(Decoupled):
    """Eigenvalues of the pencil Y_2 - z Y_1 of Hankel matrices of the data, truncated by an SVD. [Hua & Sarkar 1990]

    Works on the samples, not on their covariance: `smoothing` says nothing here. Of N samples each snapshot gives a
    Hankel matrix of (1 - pencil) N rows; they stand side by side.
    """

    kind: Literal["matrix_pencil"] = "matrix_pencil"
    needs_tones: ClassVar[bool] = True
    pencil: Annotated[float, Field(gt=0.0, lt=1.0)] = 1.0 / 3.0
    """The pencil parameter over the number of samples."""

    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """Those eigenvalues that are in the field of view."""
        from semcom_estimation.sensing.decoupled.pencils import pencil

        return look.inside(look.of_turns(pencil(look, order, self.pencil)))
