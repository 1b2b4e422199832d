"""Targets anywhere in the field of view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom.scenes.scene import Scene, Truth, normalised
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

MARGIN = 0.02  # of the field of view, at each end, where no target is drawn
TRIES = 10_000


class Uniform(Scene):
    """Targets uniform over the field of view in each mode, no two of them near in all modes."""

    kind: Literal["uniform"] = "uniform"
    targets: Annotated[int, Field(ge=1, le=100)] = 4
    """How many there are."""
    separation_bins: Annotated[float, Field(ge=0.0)] = 1.5
    """Resolution bins by which two of them differ in some mode at least."""
    power_spread_db: Annotated[float, Field(ge=0.0, le=60.0)] = 0.0
    """From the strongest to the weakest, in equal steps of dB."""
    shared: tuple[Literal["angle", "azimuth", "elevation", "departure", "delay", "doppler"], ...] = ()
    """Modes in which all targets are alike."""

    def count(self) -> int:
        """As asked."""
        return self.targets

    def check(self, model: SignalModel) -> str | None:
        """Shared modes are the model's, and some mode is left to tell targets apart."""
        kinds = [mode.kind for mode in model.modes]
        missing = next((name for name in self.shared if name not in kinds), None)
        if missing is not None:
            return f"shared has {missing}; the model's modes are {', '.join(kinds)}"
        if self.targets > 1 and set(kinds) == set(self.shared):
            return "shared has every mode; targets would coincide"
        return None

    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """Redrawn until they are apart; ValueError when there is no room."""
        import numpy as np

        low, high = np.array(model.views).T
        kinds = [mode.kind for mode in model.modes]
        for _ in range(TRIES):
            found = low + (high - low) * rng.uniform(MARGIN, 1.0 - MARGIN, (self.targets, len(kinds)))
            for name in self.shared:
                found[:, kinds.index(name)] = found[0, kinds.index(name)]
            if nearest_bins(found, model) >= self.separation_bins:
                decibels = -np.linspace(0.0, self.power_spread_db, self.targets)
                return Truth(found, normalised(10.0 ** (decibels / 10.0), rng))
        raise ValueError(f"no room for {self.targets} targets {self.separation_bins:g} bins apart in the field of view")


def nearest_bins(frequencies: np.ndarray, model: SignalModel) -> float:
    """Of the two nearest targets the bins between them, in the mode where they differ most; infinite for one alone."""
    import numpy as np

    apart = np.max(np.abs(frequencies[:, None] - frequencies) * np.array(model.shape), axis=2)
    apart[np.diag_indices(len(apart))] = np.inf
    return float(apart.min())
