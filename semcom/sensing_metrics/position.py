"""Errors of positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.sensing_metrics.metric import SensingMetric, Trial
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


class RmsePosition(SensingMetric):
    """The root mean square distance between estimated and true positions of detected targets, seen from the array.

    An array without elevation sees targets in its plane.
    """

    kind: Literal["rmse_position_m"] = "rmse_position_m"
    counts = "root"
    label = "RMSE of the position (m)"

    def check(self, model: SignalModel, targets: int) -> str | None:
        """Ranges and azimuths are measured from one place, and there are targets."""
        if model.geometry != "monostatic":
            return "positions follow from ranges of monostatic models alone"
        missing = [name for name in ("range_m", "azimuth_deg") if name not in model.names]
        if missing:
            return f"the model has no {missing[0]}; it has {', '.join(model.names)}"
        return None if targets else "there are no targets to have errors"

    def values(self, trial: Trial) -> list[float]:
        """A squared distance for each detected target."""
        right = _positions(trial.model, trial.truth.frequencies[trial.match.target])
        found = _positions(trial.model, trial.found[trial.match.estimate])
        return [float(square) for square in ((found - right) ** 2).sum(axis=1)]


def _positions(model: SignalModel, frequencies: np.ndarray) -> np.ndarray:
    """`[target, 3]` in m."""
    import numpy as np

    values = model.parameters(model.inside(frequencies))
    azimuth = np.deg2rad(values["azimuth_deg"])
    elevation = np.deg2rad(values.get("elevation_deg", 0.0 * azimuth))
    level = values["range_m"] * np.cos(elevation)
    return np.stack([level * np.cos(azimuth), level * np.sin(azimuth), values["range_m"] * np.sin(elevation)], axis=1)
