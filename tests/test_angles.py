"""Angular laws of the clustered delay lines against the tables of 3GPP TR 38.901."""

from typing import Literal

import numpy as np
import pytest

from drawn_paths import drawn
from near import assert_mean
from semcom_channels import Cdl
from semcom_channels.arrays import Ula
from semcom_channels.sionna_door import spatial
from semcom_channels.units import decibels, linear
from tables_38901 import (
    CDL_C,
    CDL_C_SPREADS_DEG,
    CDL_C_XPR_DB,
    CDL_SPREADS_DEG,
    CDL_XPR_DB,
    cdl_c_rays,
    cdl_rays,
    shares,
)

UNITS = 4000
ELEMENTS = 4
SPACING = 0.5
Direction = Literal["uplink", "downlink"]
ARRAY = Ula(elements=ELEMENTS, spacing_wavelengths=SPACING)


def correlation(azimuth_column: int, zenith_column: int, looks: float) -> np.ndarray:
    """E h_n h_0* over the antennas n of a line along y, summed over the rays of the table, `[antenna]`.

    A ray has the phase 2 pi d_n sin(zenith) sin(azimuth) at antenna n; azimuths and zeniths of a cluster are coupled at
    random. `looks` is -1 for the terminal, which is turned around.
    """
    azimuths, zeniths = cdl_c_rays(azimuth_column), cdl_c_rays(zenith_column)
    along = np.sin(azimuths)[:, :, None] * np.sin(zeniths)[:, None, :]
    turns = looks * SPACING * np.arange(ELEMENTS)[:, None, None, None] * along
    return np.asarray(np.exp(2j * np.pi * turns).mean(axis=(2, 3)) @ shares(CDL_C[:, 1]))


AT_BASE, AT_TERMINAL = correlation(2, 4, 1.0), correlation(3, 5, -1.0)


@pytest.mark.parametrize("direction", ["uplink", "downlink"])
def test_antennas_correlate_as_the_angles_of_the_table_say(direction: Direction, rng: np.random.Generator) -> None:
    """At each end for itself: the angles of departure are those of the base station whichever way symbols go."""
    channel = Cdl(profile="C", direction=direction, terminal=ARRAY, base=ARRAY)
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 2, 1e3)
    at_base = gains[:, :, 0, :, 0] if direction == "uplink" else gains[:, 0, :, :, 0]
    at_terminal = gains[:, 0, :, :, 0] if direction == "uplink" else gains[:, :, 0, :, 0]
    for measured, law in ((at_base, AT_BASE), (at_terminal, AT_TERMINAL)):
        for antenna in range(ELEMENTS):
            product = np.sum(measured[:, antenna] * measured[:, 0].conj(), axis=1)
            assert_mean(product.real, law[antenna].real)
            assert_mean(product.imag, law[antenna].imag)
    np.testing.assert_allclose(gains[..., 1], gains[..., 0], atol=1e-5)  # and nothing moves
    assert np.abs(AT_BASE[1] - AT_TERMINAL[1]) > 0.3  # the ends are told apart


@pytest.mark.parametrize("direction", ["uplink", "downlink"])
@pytest.mark.parametrize("profile", ["A", "B", "C", "D", "E"])
def test_rays_have_the_angles_spreads_and_cross_polarisation_of_the_table(
    profile: Literal["A", "B", "C", "D", "E"], direction: Direction
) -> None:
    """What departs downlink arrives uplink. The offsets of table 7.5-3 have an rms of 1, to their four digits."""
    channel = Cdl(profile=profile, direction=direction, terminal=ARRAY, base=ARRAY)
    model = spatial._cdl(spatial._shape(channel), spatial._numbers(channel))
    departing = (model._aod, model._zod) if direction == "downlink" else (model._aoa, model._zoa)
    arriving = (model._aoa, model._zoa) if direction == "downlink" else (model._aod, model._zod)
    angles = (departing[0], arriving[0], departing[1], arriving[1])
    scattered = slice(1, None) if profile in "DE" else slice(None)  # without the line of sight, the first row
    for column, (rays, spread) in enumerate(zip(angles, CDL_SPREADS_DEG[profile], strict=True), 2):
        drawn_from = np.asarray(rays)[0, 0, 0]
        np.testing.assert_allclose(drawn_from, cdl_rays(profile, column)[scattered], atol=1e-5)
        np.testing.assert_allclose(np.rad2deg(np.std(drawn_from, axis=1)), spread, rtol=1e-3)
    assert decibels(float(np.asarray(model._xpr).ravel()[0])) == pytest.approx(CDL_XPR_DB[profile], abs=1e-4)


def test_a_narrow_cluster_measures_as_wide_as_the_table_says(rng: np.random.Generator) -> None:
    """Cluster 6 leaves the base at 0.3 degrees with a spread of 2: 1 - |E h_1 h_0*| = (2 pi d cos(az) sigma)^2 / 2."""
    channel = Cdl(profile="C", direction="uplink", terminal=ARRAY, base=ARRAY)
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 2, 1e3)
    cluster = int(np.flatnonzero(np.argsort(CDL_C[:, 0], kind="stable") == 5)[0])
    for antenna in (1, 2, 3):
        one, other = gains[:, antenna, 0, cluster, 0], gains[:, 0, 0, cluster, 0]
        rays = np.sin(cdl_c_rays(2)[5])[:, None] * np.sin(cdl_c_rays(4)[5])
        expected = 1.0 - np.real(np.exp(2j * np.pi * SPACING * antenna * rays).mean())
        half = np.abs(one - other) ** 2 / 2.0 / shares(CDL_C[:, 1])[5]
        assert_mean(half, expected)
    small = (2.0 * np.pi * SPACING * np.deg2rad(CDL_C_SPREADS_DEG[0])) ** 2 / 2.0
    assert 1.0 - np.abs(np.exp(2j * np.pi * SPACING * rays).mean()) == pytest.approx(small, rel=0.05)


def test_crossed_antennas_hear_each_other_by_the_cross_polarisation_ratio(rng: np.random.Generator) -> None:
    """E|h|^2 from vertical to horizontal is 10^(-XPR / 10) of that from vertical to vertical; all four average to 1."""
    ends = Ula(polarisation="vertical-horizontal")
    gains, _ = drawn(Cdl(profile="C", terminal=ends, base=ends), int(rng.integers(2**31)), UNITS, 2, 1e3)
    power = np.sum(np.abs(gains[..., 0]) ** 2, axis=3)
    same = 2.0 / (1.0 + linear(-CDL_C_XPR_DB))
    for rx in range(2):
        for tx in range(2):
            assert_mean(power[:, rx, tx], same if rx == tx else same * linear(-CDL_C_XPR_DB))
    measured = decibels(float((power[:, 0, 0] + power[:, 1, 1]).sum() / (power[:, 0, 1] + power[:, 1, 0]).sum()))
    assert measured == pytest.approx(CDL_C_XPR_DB, abs=0.5)


def test_elements_that_look_away_hear_less(rng: np.random.Generator) -> None:
    """Behind elements of 8 dBi a cluster has its share times the pattern of table 7.3-1 towards its angles."""
    channel = Cdl(profile="C", direction="downlink", base=Ula(pattern="38.901"))
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 2, 1e3)
    azimuths, zeniths = np.rad2deg(cdl_c_rays(2)), np.rad2deg(cdl_c_rays(4))
    across = np.minimum(12.0 * (azimuths / 65.0) ** 2, 30.0)[:, :, None]
    upwards = np.minimum(12.0 * ((zeniths - 90.0) / 65.0) ** 2, 30.0)[:, None, :]
    pattern = 10.0 ** (-np.minimum(across + upwards, 30.0) / 10.0)
    heard = shares(CDL_C[:, 1]) * pattern.mean(axis=(1, 2))
    heard = (heard / heard.sum())[np.argsort(CDL_C[:, 0], kind="stable")]
    power = np.abs(gains[:, 0, 0, :, 0]) ** 2
    assert_mean(power.sum(axis=1), 1.0)
    for cluster, share in enumerate(heard):
        assert_mean(power[:, cluster], share)
    np.testing.assert_allclose(spatial.cdl_clusters(channel).powers, heard, rtol=1e-3)
    law = channel.covariance()
    frequencies = np.asarray(channel.grid.frequencies_hz)
    delays = channel.delay_spread_s * np.sort(CDL_C[:, 0])
    expected = np.sum(heard * np.exp(-2j * np.pi * (frequencies[9] - frequencies[0]) * delays))
    stated = np.sum(law.time[:, 0, 0] * law.frequency[:, 9, 0])
    assert stated == pytest.approx(expected, abs=2e-3)
