"""Targets in close pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom.scenes.scene import Scene, Truth, normalised
from semcom.scenes.uniform import MARGIN, TRIES, nearest_bins
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class Pairs(Scene):
    """Pairs of equal targets, each a little apart in every mode; the pairs are far from one another."""

    kind: Literal["pairs"] = "pairs"
    pairs: Annotated[int, Field(ge=1, le=50)] = 2
    """How many pairs there are."""
    within_bins: Annotated[float, Field(gt=0.0, le=4.0)] = 0.6
    """Resolution bins between the two, in every mode."""
    separation_bins: Annotated[float, Field(ge=1.0)] = 2.5
    """Resolution bins by which two pairs differ in some mode at least."""

    def count(self) -> int:
        """Two for each pair."""
        return 2 * self.pairs

    def gate_bins(self) -> float:
        """Half of what is between the two."""
        return 0.5 * self.within_bins

    def check(self, model: SignalModel) -> str | None:
        """Pairs fit into each mode's field of view."""
        for mode, (low, high) in zip(model.modes, model.views, strict=True):
            room = (high - low) * (1.0 - 2.0 * MARGIN) * mode.length
            if room <= self.within_bins:
                return f"within_bins is {self.within_bins:g}; the field of view of {mode.kind} has {room:.3g} bins"
        return None

    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """Redrawn until pairs are apart; ValueError when there is no room."""
        import numpy as np

        low, high = np.array(model.views).T
        margin = MARGIN * (high - low)
        step = self.within_bins / np.array(model.shape)
        for _ in range(TRIES):
            first = low + margin + (high - low - 2.0 * margin - step) * rng.random((self.pairs, len(low)))
            if nearest_bins(first, model) >= self.separation_bins:
                found = np.concatenate([first, first + step])
                return Truth(found, normalised(np.ones(len(found)), rng))
        raise ValueError(f"no room for {self.pairs} pairs {self.separation_bins:g} bins apart in the field of view")
