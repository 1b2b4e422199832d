"""Newtonised orthogonal matching pursuit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.counting import Counting
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class Nomp(Counting):
    """Newtonised orthogonal matching pursuit on the whole tensor, in all modes at once. [Mamandipoor et al. 2016]

        [ FFT peak of the residual -> Newton steps for it -> for all in turn -> for all together ] for each target

    Each step of one maximises |a(f)* r|^2 / |a|^2, r being what the other targets leave; gains are of least squares.
    Rounds in turn, which the paper repeats until they converge, creep where targets are near. So joint Gauss-Newton
    steps, which are not in the paper, take them to the same maximum: nearly after each target, to 0.001 standard
    deviations in the end. With an unknown number, targets are added while they pass what noise alone reaches with the
    probability `false_alarm`.
    """

    kind: Literal["nomp"] = "nomp"
    cites: ClassVar[tuple[str, ...]] = ("mamandipoor2016",)
    zero_padding: Annotated[float, Field(ge=1.0, le=8.0)] = 2.0
    """Points of the search to a resolution bin of each mode; 1: no padding."""
    single: Annotated[int, Field(ge=1, le=20)] = 2
    """Newton steps for a new target alone."""
    cyclic: Annotated[int, Field(ge=0, le=20)] = 1
    """Rounds of Newton steps for all targets in turn after each new one, before those for all together."""

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.least_squares import reported
        from semcom_estimation.sensing.newton import Newton

        pursuit = Newton(tensor, model, self.zero_padding, self.single, self.cyclic)
        frequencies = self.searched(pursuit, model, noise_variance, targets)
        return reported(tensor, model, frequencies, noise_variance, likeliest=True)
