"""Orthogonal matching pursuit on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.counting import Counting
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class GridOmp(Counting):
    """Orthogonal matching pursuit on the product grid of all modes, on the whole tensor. [Pati et al. 1993]

        [ largest |a* r| on the grid -> gains of all atoms by least squares -> residual r ] for each target

    Targets stay on the grid. With an unknown number, atoms are added while they pass what noise alone reaches with the
    probability `false_alarm`; strong targets between the points of a grid then leave ghosts beside them.
    """

    kind: Literal["grid_omp"] = "grid_omp"
    cites: ClassVar[tuple[str, ...]] = ("pati1993",)
    per_bin: Annotated[float, Field(ge=1.0, le=16.0)] = 2.0
    """Points of the grid to a resolution bin of each mode."""

    def grid_error_bins(self) -> float:
        """A step: half of it to the nearest point, and room for what other targets leak."""
        return 1.0 / self.per_bin

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.grid_pursuit import GridPursuit
        from semcom_estimation.sensing.least_squares import reported

        pursuit = GridPursuit(tensor, model, self.per_bin)
        frequencies = self.searched(pursuit, model, noise_variance, targets)
        return reported(tensor, model, frequencies, noise_variance)
