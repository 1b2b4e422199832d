"""Errors of detected targets: in units of their parameters, and over the Cramer-Rao bound."""

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

from semcom.sensing_metrics.metric import SensingMetric, Trial
from semcom_estimation.sensing.signal_model import SignalModel


class RootMeanSquare(SensingMetric):
    """The root mean square error of a parameter, over detected targets.

    Targets are unlike: those that come near others, or are weak, may hold most of it, so that even an estimator at the
    bound lies far from the bound's own root mean square over the same draws. `Normalised` says how near it is.
    """

    counts = "root"
    parameter: ClassVar[str]
    """Its name in the model's parameters."""
    beside: ClassVar[str]
    """The kind that says the same over the bound."""

    def check(self, model: SignalModel, targets: int) -> str | None:
        """The model has the parameter, and there are targets."""
        if self.parameter not in model.names:
            return f"the model has no {self.parameter}; it has {', '.join(model.names)}"
        return None if targets else "there are no targets to have errors"

    def values(self, trial: Trial) -> list[float]:
        """A squared error for each detected target."""
        return [float(error) for error in trial.parameter_errors[self.parameter]]


class RmseAngle(RootMeanSquare):
    """Of the angle to the array's axis."""

    kind: Literal["rmse_angle_deg"] = "rmse_angle_deg"
    parameter = "angle_deg"
    beside = "normalised_angle"
    label = "RMSE of the angle (degrees)"


class RmseAzimuth(RootMeanSquare):
    """Of the azimuth."""

    kind: Literal["rmse_azimuth_deg"] = "rmse_azimuth_deg"
    parameter = "azimuth_deg"
    beside = "normalised_azimuth"
    label = "RMSE of the azimuth (degrees)"


class RmseElevation(RootMeanSquare):
    """Of the elevation."""

    kind: Literal["rmse_elevation_deg"] = "rmse_elevation_deg"
    parameter = "elevation_deg"
    beside = "normalised_elevation"
    label = "RMSE of the elevation (degrees)"


class RmseDeparture(RootMeanSquare):
    """Of the angle of departure."""

    kind: Literal["rmse_departure_deg"] = "rmse_departure_deg"
    parameter = "departure_deg"
    beside = "normalised_departure"
    label = "RMSE of the angle of departure (degrees)"


class RmseRange(RootMeanSquare):
    """Of the range."""

    kind: Literal["rmse_range_m"] = "rmse_range_m"
    parameter = "range_m"
    beside = "normalised_delay"
    label = "RMSE of the range (m)"


class RmseSpeed(RootMeanSquare):
    """Of the speed towards the array."""

    kind: Literal["rmse_speed_m_s"] = "rmse_speed_m_s"
    parameter = "speed_m_s"
    beside = "normalised_doppler"
    label = "RMSE of the speed (m/s)"


class Normalised(SensingMetric):
    """Errors of a mode over the root of the Cramer-Rao bound of that draw, root mean square over detected targets."""

    counts = "root"
    relative = True
    mode: ClassVar[str]

    def check(self, model: SignalModel, targets: int) -> str | None:
        """The model has the mode, and there are targets."""
        kinds = [mode.kind for mode in model.modes]
        if self.mode not in kinds:
            return f"the model has no {self.mode}; it has {', '.join(kinds)}"
        return None if targets else "there are no targets to have errors"

    def values(self, trial: Trial) -> list[float]:
        """A squared error over its bound for each detected target."""
        axis = self._axis(trial.model)
        return [float(value) for value in trial.errors[:, axis] / trial.bound[trial.match.target, axis]]

    def _axis(self, model: SignalModel) -> int:
        return [mode.kind for mode in model.modes].index(self.mode)


class NormalisedAngle(Normalised):
    """Of angles."""

    kind: Literal["normalised_angle"] = "normalised_angle"
    mode = "angle"
    label = "Angle error / sqrt(CRB)"


class NormalisedAzimuth(Normalised):
    """Of azimuths."""

    kind: Literal["normalised_azimuth"] = "normalised_azimuth"
    mode = "azimuth"
    label = "Azimuth error / sqrt(CRB)"


class NormalisedElevation(Normalised):
    """Of elevations."""

    kind: Literal["normalised_elevation"] = "normalised_elevation"
    mode = "elevation"
    label = "Elevation error / sqrt(CRB)"


class NormalisedDeparture(Normalised):
    """Of angles of departure."""

    kind: Literal["normalised_departure"] = "normalised_departure"
    mode = "departure"
    label = "Departure error / sqrt(CRB)"


class NormalisedDelay(Normalised):
    """Of delays."""

    kind: Literal["normalised_delay"] = "normalised_delay"
    mode = "delay"
    label = "Delay error / sqrt(CRB)"


class NormalisedDoppler(Normalised):
    """Of Doppler shifts."""

    kind: Literal["normalised_doppler"] = "normalised_doppler"
    mode = "doppler"
    label = "Doppler error / sqrt(CRB)"


class StatedDeviation(SensingMetric):
    """Squared errors over the variances that the estimator states, all modes together: 1 where it knows itself."""

    counts = "root"
    relative = True
    kind: Literal["stated_deviation"] = "stated_deviation"
    label = "Error / stated standard deviation (RMS)"

    def check(self, model: SignalModel, targets: int) -> str | None:
        """There are targets."""
        return None if targets else "there are no targets to have errors"

    def values(self, trial: Trial) -> list[float]:
        """A ratio for each detected target and mode of which a variance is stated."""
        stated = trial.stated[trial.match.estimate].ravel()
        pairs = zip(trial.errors.ravel(), stated, strict=True)
        return [float(error / variance) for error, variance in pairs if not math.isnan(variance)]


def cautions_of(metrics: Sequence[SensingMetric]) -> tuple[str, ...]:
    """That root mean squares are of unlike draws, where errors over the bound do not stand beside them."""
    kinds = {metric.kind for metric in metrics}
    alone = [one for one in metrics if isinstance(one, RootMeanSquare) and one.beside not in kinds]
    if not alone:
        return ()
    named, beside = (", ".join(names) for names in zip(*((one.kind, one.beside) for one in alone), strict=True))
    return (f"{named}: over unlike targets, of which a few may hold most; {beside} says how near the bound is",)
