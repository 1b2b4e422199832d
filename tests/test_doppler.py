"""Laws of motion: Doppler shifts and correlations in time."""

from typing import Literal

import numpy as np
import pytest
from scipy.special import j0

from drawn_paths import drawn
from near import assert_mean
from semcom_channels import Cdl, Tdl
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.sionna_door import spatial
from tables_38901 import CDL_C, cdl_c_rays, shares

UNITS = 4000
SYMBOL_S = OfdmGrid().symbol_s
SPEED_M_S = 150.0  # 1751 Hz at 3.5 GHz: 0.8 turns in a slot
LAGS = (1, 4, 7, 10, 13)
TDL, CDL = Tdl(profile="D", speed_m_s=SPEED_M_S), Cdl(profile="C", speed_m_s=SPEED_M_S)
Direction = Literal["uplink", "downlink"]


def autocorrelation(gains: np.ndarray, lag: int) -> np.ndarray:
    """h(t + lag) h*(t) from the first instant of each unit, `[unit, path]`."""
    return np.asarray(gains[:, 0, 0, :, lag] * gains[:, 0, 0, :, 0].conj())


def test_taps_turn_by_the_bessel_function_of_jakes(rng: np.random.Generator) -> None:
    """E h(t + dt) h*(t) = P J0(2 pi f_D dt), with f_D = v / c f. [Clarke 1968]"""
    channel = Tdl(profile="A", speed_m_s=SPEED_M_S)
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 14, 1.0 / SYMBOL_S)
    doppler_hz = SPEED_M_S * 3.5e9 / 299_792_458.0
    for lag in LAGS:
        product = autocorrelation(gains, lag).sum(axis=1)
        assert_mean(product.real, j0(2.0 * np.pi * doppler_hz * lag * SYMBOL_S))
        assert_mean(product.imag, 0.0)


@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_the_line_of_sight_turns_by_the_cosine_of_its_angle(correlation: float, rng: np.random.Generator) -> None:
    """At cos(pi/4) f_D, beside Jakes' scattering of the same tap."""
    channel = Tdl(profile="D", speed_m_s=SPEED_M_S, correlation=correlation)
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 14, 1.0 / SYMBOL_S)
    power, line = spatial.tdl_profile(channel)[1][0], spatial.tdl_line_of_sight(channel)
    for lag in LAGS:
        turns = SPEED_M_S * 3.5e9 / 299_792_458.0 * lag * SYMBOL_S
        expected = line * np.exp(2j * np.pi * turns / np.sqrt(2.0)) + (power - line) * j0(2.0 * np.pi * turns)
        product = autocorrelation(gains, lag)[:, 0]
        assert_mean(product.real, expected.real)
        assert_mean(product.imag, expected.imag)


@pytest.mark.parametrize("channel", [TDL, CDL], ids=["TDL", "CDL"])
def test_the_stated_covariance_in_time_is_that_of_the_draws(channel: Tdl | Cdl, rng: np.random.Generator) -> None:
    """In frequency the paths add: at one subcarrier the covariance over symbols is the sum of all terms."""
    gains, delays = drawn(channel, int(rng.integers(2**31)), UNITS, 14, 1.0 / SYMBOL_S)
    law = channel.covariance()
    upper = 5
    frequencies = np.asarray(channel.grid.frequencies_hz)[[0, upper]]
    low, high = (np.einsum("upt,p->ut", gains[:, 0, 0], np.exp(-2j * np.pi * f * delays)) for f in frequencies)
    for lag in (0, *LAGS):
        expected = np.sum(law.time[:, lag, 0] * law.frequency[:, upper, 0])
        product = high[:, lag] * low[:, 0].conj()
        assert_mean(product.real, expected.real)
        assert_mean(product.imag, expected.imag)


def clusters_turning(turns: float) -> np.ndarray:
    """E exp(2 pi j f_D r.v dt) of each cluster, from the angles at the terminal in table 7.7.1-3, `[cluster]`.

    The speed has a uniform azimuth and a uniform zenith angle, summed over a fine grid.
    """
    zeniths = cdl_c_rays(5)
    azimuths, tilts = (np.arange(120) + 0.5) / 60 * np.pi, (np.arange(90) + 0.5) / 90 * np.pi
    along = np.sin(zeniths)[..., None, None] * np.cos(azimuths) * np.sin(tilts)[:, None]
    along += np.cos(zeniths)[..., None, None] * np.cos(tilts)[:, None]
    return np.asarray(np.exp(2j * np.pi * turns * along).mean(axis=(1, 2, 3)))


@pytest.mark.parametrize("direction", ["uplink", "downlink"])
def test_clusters_turn_by_the_angles_at_the_terminal(direction: Direction, rng: np.random.Generator) -> None:
    """It is the terminal that moves, whichever way the symbols go."""
    channel = Cdl(profile="C", speed_m_s=SPEED_M_S, direction=direction)
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 14, 1.0 / SYMBOL_S)
    order = np.argsort(CDL_C[:, 0], kind="stable")
    powers = shares(CDL_C[:, 1])[order]
    for lag in (4, 7, 10, 13):
        turning = clusters_turning(SPEED_M_S * 3.5e9 / 299_792_458.0 * lag * SYMBOL_S)[order]
        product = autocorrelation(gains, lag).sum(axis=1)
        assert_mean(product.real, float(np.sum(powers * turning.real)))
        assert_mean(product.imag, 0.0)


def test_the_line_of_sight_turns_alike_uplink_and_downlink(rng: np.random.Generator) -> None:
    """Both draws have the same speeds; a terminal that nears the base station raises the frequency of both."""
    seed = int(rng.integers(2**31))
    turning = []
    for direction in ("uplink", "downlink"):
        gains, _ = drawn(Cdl(profile="E", speed_m_s=10.0, direction=direction), seed, UNITS, 14, 1.0 / SYMBOL_S)
        turning.append(np.angle(gains[:, 0, 0, 0, 13] * gains[:, 0, 0, 0, 0].conj()))
    assert np.corrcoef(*turning)[0, 1] > 0.9  # K is 22 dB; the scattering adds a tenth of a radian


@pytest.mark.parametrize("channel", [TDL, CDL], ids=["TDL", "CDL"])
def test_the_doppler_spectrum_ends_at_the_largest_shift(channel: Tdl | Cdl, rng: np.random.Generator) -> None:
    """A Blackman-Harris window of 256 instants at 16 f_D leaks nothing above 1e-9 beyond 4 bins, a quarter of f_D."""
    count, ratio = 256, 16
    gains, _ = drawn(channel, int(rng.integers(2**31)), 300, count, ratio * channel.max_doppler_hz)
    phases = 2.0 * np.pi * np.arange(count) / count
    window = 0.35875 - 0.48829 * np.cos(phases) + 0.14128 * np.cos(2.0 * phases) - 0.01168 * np.cos(3.0 * phases)
    spectrum = np.mean(np.abs(np.fft.fft(gains[:, 0, 0] * window, axis=-1)) ** 2, axis=(0, 1))
    shifts = np.abs(np.fft.fftfreq(count, 1.0 / ratio))  # in f_D
    assert spectrum[shifts > 1.25].sum() < 1e-8 * spectrum.sum()
    assert spectrum[(shifts > 0.75) & (shifts < 1.0)].sum() > 0.05 * spectrum.sum()


def test_taps_stand_still_when_nothing_moves(rng: np.random.Generator) -> None:
    gains, _ = drawn(Tdl(profile="E"), int(rng.integers(2**31)), 50, 14, 1.0 / SYMBOL_S)
    np.testing.assert_allclose(gains, np.repeat(gains[..., :1], 14, axis=-1), atol=1e-6)
