"""Laws of channels with point targets, from a sample of their places; exact where the places are fixed."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import toeplitz

from semcom_channels.covariance import Covariance
from semcom_channels.path_law import longest_delay_s as longest_of
from semcom_channels.path_law import over_frequency
from semcom_channels.target_geometry import Paths, Places, link, places

if TYPE_CHECKING:
    from semcom_channels.point_targets import PointTargets

UNITS = 1000
SEED = 38901


def sample_of_places(channel: "PointTargets") -> Places:
    """Always the same 1,000 units."""
    return places(channel, SEED, UNITS)


@lru_cache(maxsize=16)
def _sampled(channel: "PointTargets") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Powers, delays after the first path in s and Doppler shifts in Hz, `[unit, path]`."""
    paths = link(channel, sample_of_places(channel))
    late = paths.delays_s - paths.delays_s.min(axis=1, keepdims=True)
    return np.abs(paths.gains) ** 2, late, paths.shifts_hz


def mean_power(channel: "PointTargets") -> float:
    """Of all paths to the receiver together in free space, over that of the sender, on average."""
    powers, _, _ = _sampled(channel.law)
    return float(powers.sum(axis=1).mean())


def in_unit_of_link(channel: "PointTargets", paths: Paths) -> Paths:
    """Paths relative to the root of the mean power of the link: with the budget's SNR they are what physics says."""
    return paths._replace(gains=paths.gains / np.sqrt(mean_power(channel)))


def longest_delay_s(channel: "PointTargets") -> float:
    """The delay of the last path but for those that hold a thousandth of the power together."""
    powers, delays, _ = _sampled(channel.law)
    return longest_of(tuple(delays.ravel()), tuple(powers.ravel()))


def covariance(channel: "PointTargets") -> Covariance:
    """Means over the sample along the lags of time and of frequency."""
    powers, delays, shifts = _sampled(channel.law)
    shares = powers / powers.sum()
    lags = np.arange(channel.grid.symbols) * channel.grid.symbol_s
    time = np.array([np.sum(shares * np.exp(2j * np.pi * lag * shifts)) for lag in lags])
    return Covariance(toeplitz(time, np.conj(time))[None], over_frequency(channel, delays, shares)[None])
