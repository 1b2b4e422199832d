"""Laws of channels with point targets, from a sample of their places; exact where the places are fixed."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import toeplitz

from semcom_channels.covariance import Covariance
from semcom_channels.path_law import longest_delay_s as longest_of
from semcom_channels.target_geometry import link, places
from semcom_channels.units import decibels

if TYPE_CHECKING:
    from semcom_channels.point_targets import PointTargets

UNITS = 1000
SEED = 38901


@cache
def sampled(channel: "PointTargets") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Powers, delays after the first path in s and Doppler shifts in Hz, `[unit, path]`; always the same units."""
    paths = link(channel, places(channel, SEED, UNITS))
    late = paths.delays_s - paths.delays_s.min(axis=1, keepdims=True)
    return np.abs(paths.gains) ** 2, late, paths.shifts_hz


def gain_db(channel: "PointTargets") -> float:
    """The power of all paths to the receiver together, on average."""
    powers, _, _ = sampled(channel)
    return decibels(float(powers.sum(axis=1).mean()))


def longest_delay_s(channel: "PointTargets") -> float:
    """The delay of the last path but for those that hold a thousandth of the power together."""
    powers, delays, _ = sampled(channel)
    shares = powers / powers.sum(axis=1, keepdims=True)
    return longest_of(tuple(delays.ravel()), tuple(shares.ravel()))


def covariance(channel: "PointTargets") -> Covariance:
    """Means over the sample along the lags of time and of frequency."""
    powers, delays, shifts = sampled(channel)
    shares = powers / powers.sum(axis=1, keepdims=True) / len(powers)
    grid = channel.grid
    indices = np.asarray(grid.occupied) - grid.occupied[0]
    steps = np.arange(indices[-1] + 1) * grid.subcarrier_spacing_hz
    frequency = np.array([np.sum(shares * np.exp(-2j * np.pi * step * delays)) for step in steps])
    lags = np.arange(grid.symbols) * grid.symbol_s
    time = np.array([np.sum(shares * np.exp(2j * np.pi * lag * shifts)) for lag in lags])
    whole = toeplitz(frequency, np.conj(frequency))[np.ix_(indices, indices)]
    return Covariance(toeplitz(time, np.conj(time))[None], whole[None])
