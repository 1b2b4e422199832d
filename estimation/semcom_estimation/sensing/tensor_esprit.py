"""Multidimensional ESPRIT on tensors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class TensorEsprit(Estimator):
    """R-D tensor-ESPRIT with spatial smoothing of the single snapshot. [Haardt, Roemer & Del Galdo 2008]

        tensor -> shifted subtensors as snapshots -> higher-order SVD -> shift invariance of each mode -> pairing

    Shift invariance of mode m, J_1 U Psi_m = J_2 U, has the eigenvalues exp(2 pi j f_m) of all targets; all Psi_m have
    the same eigenvectors, which pairs the frequencies. Needs the number of targets.
    """

    kind: Literal["tensor_esprit"] = "tensor_esprit"
    cites: ClassVar[tuple[str, ...]] = ("haardt2008",)
    needs_number: ClassVar[bool] = True
    unitary: bool = True
    """Forward-backward averaging, as in unitary ESPRIT, whose real-valued arithmetic is equivalent to it: the tensor
    reversed and conjugated is as many snapshots again."""
    smoothing: Annotated[float, Field(gt=0.0, le=0.5)] = 1.0 / 3.0
    """Shifts of the subtensor, as a fraction of each mode's samples."""
    snapshots: Annotated[int, Field(ge=1)] = 1024
    """Shifts in all modes together, at most; where there would be more, each mode gets fewer."""

    def shifts(self, model: SignalModel) -> tuple[int, ...]:
        """Shifts of the subtensor in each mode, which has that many samples less one fewer than the tensor."""
        fraction = self.smoothing
        while True:
            found = tuple(max(1, min(round(fraction * length), length - 1)) for length in model.shape)
            if math.prod(found) <= self.snapshots or max(found) == 1:
                return found
            fraction *= 0.95

    def most_targets(self, model: SignalModel) -> int:
        """As many as snapshots span, and as each mode's shift invariance has equations for."""
        shifts = self.shifts(model)
        kept = [length - shift + 1 for length, shift in zip(model.shape, shifts, strict=True)]
        equations = min(math.prod(kept) // one * (one - 1) for one in kept)
        return min((2 if self.unitary else 1) * math.prod(shifts), equations, model.most_targets)

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.least_squares import reported
        from semcom_estimation.sensing.shift_invariance import frequencies_of

        frequencies = frequencies_of(tensor, self.shifts(model), targets or 0, self.unitary)
        return reported(tensor, model, model.inside(frequencies), noise_variance)
