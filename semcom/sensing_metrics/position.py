"""Errors of positions."""

from __future__ import annotations

from typing import Literal

from semcom.sensing_metrics.metric import SensingMetric, Trial
from semcom_estimation.sensing.signal_model import SignalModel


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
        """dR^2 + (R d elevation)^2 + (R cos(elevation) d azimuth)^2 for each detected target, to first order."""
        import numpy as np

        errors = trial.parameter_errors
        right = trial.truth.frequencies[trial.match.target]
        there = trial.model.parameters(trial.model.inside(right))
        elevation = np.deg2rad(there.get("elevation_deg", 0.0 * there["range_m"]))
        across = np.cos(elevation) ** 2 * errors["azimuth_deg"] + errors.get("elevation_deg", 0.0)
        squares = errors["range_m"] + (there["range_m"] * np.pi / 180.0) ** 2 * across
        return [float(square) for square in squares]
