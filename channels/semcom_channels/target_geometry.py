"""Where reflectors are, and the paths by way of them."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from semcom_channels.arrays import Array
from semcom_channels.grid_channel import SPEED_OF_LIGHT_M_S

if TYPE_CHECKING:
    from semcom_channels.point_targets import PointTargets

FOUR_PI = 4.0 * np.pi
UP = np.array([0.0, 0.0, 1.0])


class Places(NamedTuple):
    """Reflectors of a batch, from the base station, which looks along x; targets come before clutter."""

    positions: np.ndarray
    """`[batch, reflector, 3]` in m."""
    speeds: np.ndarray
    """Towards the base station, `[batch, reflector]` in m/s."""
    sections: np.ndarray
    """Radar cross sections, `[batch, reflector]` in m^2."""
    link_phases: np.ndarray
    """Of paths to the receiver, the line of sight first, `[batch, 1 + reflector]` complex of modulus 1."""
    echo_phases: np.ndarray
    """Of echoes, `[batch, reflector]` complex of modulus 1."""


class Paths(NamedTuple):
    """Paths from a sender to a receiver."""

    delays_s: np.ndarray
    """`[batch, path]`, whole lengths over c."""
    shifts_hz: np.ndarray
    """Doppler shifts, `[batch, path]`, positive where paths get shorter."""
    gains: np.ndarray
    """`[batch, path]` complex, amplitudes of free space and the radar equation."""
    departures: np.ndarray
    """Where they leave to, unit vectors in the sender's frame, `[batch, path, 3]`."""
    arrivals: np.ndarray
    """Where they come from, unit vectors in the receiver's frame, `[batch, path, 3]`."""


def places(channel: "PointTargets", seed: int, batch: int) -> Places:
    """The reflectors of each unit."""
    rng = np.random.default_rng(seed)
    groups = (*channel.targets, *channel.clutter)
    names = ("range_m", "azimuth_deg", "elevation_deg", "speed_m_s", "rcs_m2")
    drawn = {name: _joined([group.drawn(name, batch, rng) for group in groups], batch) for name in names}
    sections = []
    for group in groups:
        if group.loss_db is not None:  # what cross section would return as much
            sections.append(10.0 ** (-group.drawn("loss_db", batch, rng) / 10.0))
        else:
            sections.append(np.full((batch, group.count), np.nan))
    returned = _joined(sections, batch) * FOUR_PI**3 * drawn["range_m"] ** 4 / channel.wavelength_m**2
    towards = direction(drawn["azimuth_deg"], drawn["elevation_deg"])
    phases = np.exp(2j * np.pi * rng.random((batch, 1 + 2 * towards.shape[1])))
    return Places(
        drawn["range_m"][..., None] * towards,
        drawn["speed_m_s"],
        np.where(np.isnan(returned), drawn["rcs_m2"], returned),
        phases[:, : 1 + towards.shape[1]],
        phases[:, 1 + towards.shape[1] :],
    )


def link(channel: "PointTargets", there: Places) -> Paths:
    """From the sender to the receiver in free space: the line of sight first, where there is one.

    A reflector nearer to the terminal than a wavelength returns what it would from there.
    """
    wavelength = channel.wavelength_m
    seen = direction(np.array(channel.terminal_azimuth_deg), np.array(channel.terminal_elevation_deg))
    terminal = channel.terminal_range_m * seen
    near, out = _length_and_direction(there.positions)
    far, back = _length_and_direction(there.positions - terminal)
    velocity = -there.speeds[..., None] * out
    closing = there.speeds - np.sum((velocity + channel.speed_m_s * seen) * back, axis=-1)
    gains = np.sqrt(wavelength**2 * there.sections / FOUR_PI**3) / (near * np.maximum(far, wavelength))
    line = np.broadcast_to(seen, (len(near), 1, 3))
    lengths = np.concatenate([np.full((len(near), 1), channel.terminal_range_m), near + far], axis=1)
    shortening = np.concatenate([np.full((len(near), 1), channel.speed_m_s), closing], axis=1)
    amplitudes = np.concatenate(
        [np.full((len(near), 1), wavelength / FOUR_PI / channel.terminal_range_m), gains], axis=1
    )
    at_base = np.concatenate([line, out], axis=1)
    at_terminal = np.concatenate([-line, back], axis=1) @ facing(-seen).T
    ends = (at_terminal, at_base) if channel.direction == "uplink" else (at_base, at_terminal)
    delays, shifts = lengths / SPEED_OF_LIGHT_M_S, shortening / wavelength
    whole = Paths(delays, shifts, amplitudes * there.link_phases, *ends)
    return whole if channel.line_of_sight else Paths(*(values[:, 1:] for values in whole))


def echo(channel: "PointTargets", there: Places) -> Paths:
    """From the base station to each reflector and back in free space: 2 R / c late, shifted by 2 v / wavelength."""
    distance, out = _length_and_direction(there.positions)
    gains = np.sqrt(channel.wavelength_m**2 * there.sections / FOUR_PI**3) / distance**2
    delays, shifts = 2.0 * distance / SPEED_OF_LIGHT_M_S, 2.0 * there.speeds / channel.wavelength_m
    return Paths(delays, shifts, gains * there.echo_phases, out, out)


def direction(azimuth_deg: np.ndarray, elevation_deg: np.ndarray) -> np.ndarray:
    """Unit vectors `[..., 3]`: azimuth turns from x to y, elevation rises to z."""
    azimuth, elevation = np.deg2rad(azimuth_deg), np.deg2rad(elevation_deg)
    level = np.cos(elevation)
    return np.stack([np.cos(azimuth) * level, np.sin(azimuth) * level, np.sin(elevation)], axis=-1)


def facing(forward: np.ndarray) -> np.ndarray:
    """The rows of the matrix are the axes of an array that looks `forward` and stands upright."""
    left = np.cross(UP, forward)
    left /= np.linalg.norm(left)
    return np.stack([forward, left, np.cross(forward, left)])


def responses(array: Array, directions: np.ndarray) -> np.ndarray:
    """Phases of the antennas, rows first, exp(2 pi j (row d_r z + column d_c y)), `[batch, antenna, path]` complex128.

    For unit vectors in the array's frame, `[batch, path, 3]`: waves from there and waves to there alike.
    """
    rows, columns = array.places
    row_spacing, column_spacing = array.spacing
    row, column = np.divmod(np.arange(rows * columns), columns)
    turns = row[:, None] * row_spacing * directions[:, None, :, 2]
    turns = turns + column[:, None] * column_spacing * directions[:, None, :, 1]
    return np.asarray(np.exp(2j * np.pi * turns))


def turning(shifts_hz: np.ndarray, times_s: np.ndarray) -> np.ndarray:
    """exp(2 pi j shift t), `[batch, path, time]` complex128."""
    return np.asarray(np.exp(2j * np.pi * shifts_hz[..., None] * times_s))


def _joined(parts: list[np.ndarray], batch: int) -> np.ndarray:
    return np.concatenate([np.zeros((batch, 0)), *parts], axis=1)


def _length_and_direction(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.linalg.norm(vectors, axis=-1)
    return lengths, vectors / np.maximum(lengths, 1e-9)[..., None]
