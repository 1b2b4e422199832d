"""What an array sees of targets, as the truth of sensing."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from semcom_channels.target_geometry import Paths, Places, echo, link
from semcom_channels.target_laws import in_unit_of_link
from semcom_channels.tensors import Tensor

if TYPE_CHECKING:
    from semcom_channels.point_targets import PointTargets


class Sight(NamedTuple):
    """The truth that sensing is scored against: what one array sees of each target, `[batch, target]` float64.

    It is that of free space, also where rays are traced.
    """

    delays_s: Tensor
    """From sending on for the radar, after the first path for the receiver."""
    shifts_hz: Tensor
    """Doppler shifts, positive for what approaches."""
    azimuths_deg: Tensor
    """From the array's broadside."""
    elevations_deg: Tensor
    """Above the array's horizon."""
    gains: Tensor
    """At the array's first antenna, the carrier and the first symbol, in the unit of the link, complex128."""


def seen(channel: "PointTargets", there: Places) -> Sight:
    """What the receiver sees: the line of sight and the targets, delays after the first path, clutter left out."""
    paths = link(channel, there)
    after = paths._replace(delays_s=paths.delays_s - paths.delays_s.min(axis=1, keepdims=True))
    return _sight(channel, after, int(channel.line_of_sight) + sum(group.count for group in channel.targets))


def heard(channel: "PointTargets", there: Places) -> Sight:
    """What the base station's radar sees: the targets, delays from sending on, clutter left out."""
    return _sight(channel, echo(channel, there), sum(group.count for group in channel.targets))


def _sight(channel: "PointTargets", paths: Paths, kept: int) -> Sight:
    azimuths, elevations = angles(paths.arrivals)
    gains = in_unit_of_link(channel, paths).gains
    return Sight(*(value[:, :kept] for value in (paths.delays_s, paths.shifts_hz, azimuths, elevations, gains)))


def angles(directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Azimuths and elevations in degrees of unit vectors `[..., 3]`."""
    azimuth = np.arctan2(directions[..., 1], directions[..., 0])
    return np.rad2deg(azimuth), np.rad2deg(np.arcsin(np.clip(directions[..., 2], -1.0, 1.0)))
