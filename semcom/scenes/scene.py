"""What every scene is: it draws targets."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from semcom_channels import Part
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class Truth(NamedTuple):
    """The targets of one trial."""

    frequencies: np.ndarray
    """`[target, mode]` in cycles per sample."""
    gains: np.ndarray
    """`[target]` complex128 at the first sample of each mode; those of a scene have unit power together."""


class Scene(Part):
    """Draws the targets of a trial; their powers sum to 1."""

    @abstractmethod
    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """The targets."""

    @abstractmethod
    def count(self) -> int:
        """How many targets a trial has."""

    def check(self, model: SignalModel) -> str | None:
        """What is wrong with this scene for that model, in words; None when it fits."""
        return None

    def gate_bins(self) -> float:
        """How near, in resolution bins 1 / N of each mode, an estimate counts as the target."""
        return 0.5


def normalised(powers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Gains with these relative powers, of unit power together, and random phases."""
    import numpy as np

    phases = np.exp(2j * np.pi * rng.random(len(powers)))
    return np.asarray(np.sqrt(powers / powers.sum()) * phases)
