"""What compressions with a factor for each mode share."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from semcom_estimation.sensing.compression.compression import Compression
from semcom_estimation.sensing.signal_model import SignalModel

Factor = Annotated[int, Field(ge=1, le=1 << 16)]
KEPT = 16  # samples of a mode that chosen factors leave at least


class Sampled(Compression):
    """Keeps tones tones: what is left of a mode of N samples is a shorter tone."""

    keeps_tones: ClassVar[bool] = True
    folds: ClassVar[bool] = True
    factors: tuple[Factor, ...] | None = None
    """One for each mode, in the order of the tensor; null: as large as the field of view allows, with 16 samples left
    of a mode that has so many."""

    def check(self, model: SignalModel) -> str | None:
        """As many factors as modes, two samples left of each, and a field of view that stays unambiguous."""
        if self.factors is None:
            return None
        if len(self.factors) != len(model.modes):
            return f"factors has {len(self.factors)} numbers; the model has {len(model.modes)} modes"
        for mode, factor in zip(model.modes, self.factors, strict=True):
            if self.kept(mode.length, factor) < 2:
                return f"the factor {factor} leaves less than 2 of the {mode.length} samples of {mode.kind}"
            said = self.complaint(mode.view, factor)
            if said is not None:
                return f"the factor {factor} of {mode.kind} {said}"
        return None

    def of(self, model: SignalModel) -> tuple[int, ...]:
        """The factors for a model; ValueError for what does not fit it."""
        self.refuse(model)
        if self.factors is not None:
            return self.factors
        pairs = zip(model.shape, model.views, strict=True)
        return tuple(max(1, min(self.largest(view), length // KEPT)) for length, view in pairs)

    def kept(self, length: int, factor: int) -> int:
        """Samples that are left."""
        return length // factor

    def largest(self, view: tuple[float, float]) -> int:
        """The largest factor for a field of view."""
        return int(1.0 / (view[1] - view[0]) + 1e-9)

    def complaint(self, view: tuple[float, float], factor: int) -> str | None:
        """What is wrong with a factor for a field of view; None when it fits."""
        most = self.largest(view)
        return f"makes its field of view ambiguous; expected {most} at most" if factor > max(most, 1) else None
