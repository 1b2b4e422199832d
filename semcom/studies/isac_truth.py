"""The truth of a frame in the terms of what a sensor measures."""

import numpy as np

from semcom.scenes import Truth
from semcom.studies.sensor import Sensor
from semcom_channels import PointTargets
from semcom_channels.target_laws import sample_of_places
from semcom_channels.target_sight import Sight, heard, seen
from semcom_estimation.sensing.pattern import Pattern
from semcom_estimation.sensing.signal_model import SignalModel


def truths(model: SignalModel, sight: Sight, channel: PointTargets, pattern: Pattern) -> list[Truth]:
    """Of each unit; ValueError for a target outside the field of view, which would be taken for another place."""
    frequencies = _frequencies(model, sight)
    complaint = _outside(model, frequencies)
    if complaint is not None:
        raise ValueError(complaint)
    first_hz = channel.grid.frequencies_hz[pattern.columns[0]]
    first_s = float(pattern.rows[0]) * channel.grid.symbol_s
    turns = np.exp(2j * np.pi * (sight.shifts_hz * first_s - sight.delays_s * first_hz))
    return [Truth(*each) for each in zip(frequencies, sight.gains * turns, strict=True)]


def outside_view(model: SignalModel, sensor: Sensor, channel: PointTargets) -> str | None:
    """What is wrong with the field of view for a sample of places, in words; None when targets are inside."""
    there = sample_of_places(channel)
    sight = heard(channel, there) if sensor.at == "base" else seen(channel, there)
    return _outside(model, _frequencies(model, sight))


def _frequencies(model: SignalModel, sight: Sight) -> np.ndarray:
    """Cycles per sample, `[batch, target, mode]`."""
    names = ("delay_s", "doppler_hz", "azimuth_deg", "elevation_deg")
    flat = dict(zip(names, (np.asarray(value).ravel() for value in sight[:4]), strict=True))
    found = model.frequencies(flat)
    kinds = [mode.kind for mode in model.modes]
    if "azimuth" in kinds and "elevation" not in kinds:  # a horizontal line sees the cone of an elevated target
        found[:, kinds.index("azimuth")] *= np.cos(np.deg2rad(flat["elevation_deg"]))
    return found.reshape(*np.shape(sight.delays_s), len(kinds))


def _outside(model: SignalModel, frequencies: np.ndarray) -> str | None:
    for axis, (mode, (low, high)) in enumerate(zip(model.modes, model.views, strict=True)):
        beyond = frequencies[..., axis]
        beyond = beyond[(beyond < low - 1e-9) | (beyond > high + 1e-9)]
        if beyond.size:
            there = float(mode.value(beyond[:1])[0])
            ends = sorted(float(end) for end in mode.value(np.array([low, high])))
            return (
                f"a target at {there:.4g} {mode.unit} is outside the view of {mode.kind}, {ends[0]:.4g} to "
                f"{ends[1]:.4g} {mode.unit}; widen it, or use more of the frame"
            )
    return None
