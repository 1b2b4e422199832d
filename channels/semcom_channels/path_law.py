"""Laws of paths: covariances over a slot from delays, powers and correlations in time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.linalg import toeplitz
from scipy.special import j0

from semcom_channels.covariance import Covariance
from semcom_channels.ofdm_grid import OfdmGrid

LEFT = 1e-3  # of the power after the longest delay that counts


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
    grid: OfdmGrid, delays: Sequence[float], powers: Sequence[float], correlations: np.ndarray
) -> Covariance:
    """One term a path: its correlation over lags of symbols `[path, lag]`, and P exp(-2 pi j (f - f') tau)."""
    time = [toeplitz(row, np.conj(row)) for row in correlations]
    frequencies: Any = np.asarray(grid.frequencies_hz)
    turns = np.exp(-2j * np.pi * frequencies[None] * np.asarray(delays)[:, None])
    frequency = np.asarray(powers)[:, None, None] * turns[:, :, None] * np.conj(turns[:, None, :])
    return Covariance(np.asarray(time), frequency)
