"""Laws of paths: covariances over a slot from delays, powers and correlations in time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import toeplitz
from scipy.special import j0

from semcom_channels.covariance import Covariance
from semcom_channels.taps import responses

if TYPE_CHECKING:
    from semcom_channels.grid_channel import PathChannel

LEFT = 1e-3  # of the power after the longest delay that counts
CHUNK = 4096  # paths whose responses are in memory at a time


def jakes(max_doppler_hz: float, lags_s: np.ndarray) -> np.ndarray:
    """J0(2 pi f_D dt), the correlation of isotropic scattering in a plane. [Clarke 1968]"""
    return np.asarray(j0(2.0 * np.pi * max_doppler_hz * lags_s))


def turning(max_doppler_hz: float, lags_s: np.ndarray, zeniths: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """E exp(2 pi j f_D r.v dt) for rays of given zenith angles and a speed v of random direction, `[cluster, lag]`.

    The azimuth of v is uniform, which gives J0, and so is its zenith angle, as Sionna draws it: a mean over 64
    midpoints. Zenith angles in rad and what each ray weighs are `[cluster, ray]`.
    """
    speeds = (np.arange(64) + 0.5) / 64 * np.pi
    phase = 2.0 * np.pi * max_doppler_hz * lags_s[:, None, None, None]  # [lag, cluster, ray, zenith of v]
    along = np.cos(phase * np.cos(zeniths)[..., None] * np.cos(speeds))  # the odd part cancels
    mean = j0(phase * np.sin(zeniths)[..., None] * np.sin(speeds)) * along
    return np.asarray(np.sum(mean.mean(axis=3) * weights, axis=2).T, dtype=complex)


def longest_delay_s(delays: Sequence[float], powers: Sequence[float]) -> float:
    """The delay of the last path but for those that hold a thousandth of the power together."""
    order = np.argsort(delays)
    later = np.cumsum(np.asarray(powers)[order][::-1])[::-1]
    kept = np.asarray(delays)[order][later > LEFT * later[0]]
    return float(kept[-1])


def covariance(
    channel: "PathChannel", delays: Sequence[float], powers: Sequence[float], correlations: np.ndarray
) -> Covariance:
    """One term a path: its correlation over lags of symbols `[path, lag]`, and P r(f) r(f')* of its response r."""
    time = [toeplitz(row, np.conj(row)) for row in correlations]
    turns = responses(channel, delays)
    frequency = np.asarray(powers)[:, None, None] * turns[:, :, None] * np.conj(turns[:, None, :])
    return Covariance(np.asarray(time), frequency)


def over_frequency(channel: "PathChannel", delays: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The sum over paths of share * r(f) r(f')*, `[subcarrier, subcarrier]`, for many paths.

    In the frequency domain it depends on f - f' alone.
    """
    late, which = np.unique(delays, return_inverse=True)
    weights = np.bincount(which.ravel(), shares.ravel())
    if channel.domain == "frequency":
        indices = np.asarray(channel.grid.occupied) - channel.grid.occupied[0]
        steps = np.arange(indices[-1] + 1) * channel.grid.subcarrier_spacing_hz
        lags = np.array([weights @ np.exp(-2j * np.pi * step * late) for step in steps])
        return np.asarray(toeplitz(lags, np.conj(lags))[np.ix_(indices, indices)])
    whole = np.zeros((len(channel.grid.occupied),) * 2, complex)
    for first in range(0, len(late), CHUNK):
        turns = responses(channel, late[first : first + CHUNK])
        whole += (turns * weights[first : first + CHUNK, None]).T @ turns.conj()
    return whole
