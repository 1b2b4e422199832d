"""Power delay profiles against the tables of 3GPP TR 38.901."""

from typing import Literal, get_args

import numpy as np
import pytest

from drawn_paths import drawn
from near import assert_mean
from semcom_channels import Cdl, Tdl
from semcom_channels.arrays import Ula
from semcom_channels.sionna_door import spatial
from semcom_channels.units import decibels
from tables_38901 import CDL, TDL_A_DELAYS, TDL_A_POWERS_DB, TDL_C_DELAYS, TDL_C_POWERS_DB, shares

Profile = Literal["A", "B", "C", "D", "E"]
PROFILES: tuple[Profile, ...] = get_args(Profile)
SPREAD_S = 1e-6
UNITS = 4000


def profile_of(channel: Tdl | Cdl) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Delays in s and powers, in the order of drawn paths."""
    return spatial.tdl_profile(channel) if isinstance(channel, Tdl) else spatial.cdl_clusters(channel)[:2]


def stated(channel: Tdl | Cdl) -> tuple[np.ndarray, np.ndarray]:
    """Delays in delay spreads and powers, by rising delay."""
    delays, powers = profile_of(channel)
    order = np.argsort(delays, kind="stable")
    return np.asarray(delays)[order] / SPREAD_S, np.asarray(powers)[order]


def rms(delays: np.ndarray, powers: np.ndarray) -> float:
    mean = powers @ delays / powers.sum()
    return float(np.sqrt(powers @ (delays - mean) ** 2 / powers.sum()))


TABLES = [
    pytest.param(Tdl(profile="A", delay_spread_s=SPREAD_S), TDL_A_DELAYS, TDL_A_POWERS_DB, id="TDL-A"),
    pytest.param(Tdl(profile="C", delay_spread_s=SPREAD_S), TDL_C_DELAYS, TDL_C_POWERS_DB, id="TDL-C"),
    *(
        pytest.param(Cdl(profile=profile, delay_spread_s=SPREAD_S), *CDL[profile].T[:2], id=f"CDL-{profile}")
        for profile in ("A", "B", "C")
    ),
]


@pytest.mark.parametrize(("channel", "delays", "powers_db"), TABLES)
def test_delays_and_powers_are_those_of_the_table(
    channel: Tdl | Cdl, delays: tuple[float, ...], powers_db: tuple[float, ...]
) -> None:
    order = np.argsort(delays, kind="stable")
    named, powers = stated(channel)
    np.testing.assert_allclose(named, np.asarray(delays)[order], atol=1e-6)
    np.testing.assert_allclose(powers, shares(powers_db)[order], rtol=1e-5)


@pytest.mark.parametrize("channel", [table.values[0] for table in TABLES], ids=[table.id for table in TABLES])
def test_drawn_paths_have_the_powers_of_the_profile(channel: Tdl | Cdl, rng: np.random.Generator) -> None:
    gains, delays = drawn(channel, int(rng.integers(2**31)), UNITS, 1)
    named = profile_of(channel)
    np.testing.assert_allclose(delays, named[0], rtol=1e-5)
    for path, power in enumerate(named[1]):
        assert_mean(np.abs(gains[:, 0, 0, path, 0]) ** 2, power)


@pytest.mark.parametrize("profile", ["D", "E"])
def test_clusters_in_line_of_sight_are_those_of_the_table(profile: Literal["D", "E"]) -> None:
    """The first two rows are the line of sight and the cluster that comes with it: one path here. The K factors say the
    same as the first two powers, to their 0.1 dB.
    """
    delays, powers = stated(Cdl(profile=profile, delay_spread_s=SPREAD_S))
    rows = CDL[profile]
    each = shares(rows[:, 1])
    order = np.argsort(rows[1:, 0], kind="stable")
    np.testing.assert_allclose(delays, rows[1:, 0][order], atol=1e-6)
    together = np.concatenate([[each[0] + each[1]], each[2:]])[order]
    np.testing.assert_allclose(powers, together, rtol=0.03)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", [Tdl, Cdl], ids=["TDL", "CDL"])
def test_the_delay_spread_is_what_was_asked_for(kind: type[Tdl] | type[Cdl], profile: Profile) -> None:
    """Tables are normalised to 1; their powers are rounded to 0.1 dB and their delays to 1e-4 (1e-3 for D)."""
    delays, powers = stated(kind(profile=profile, delay_spread_s=SPREAD_S))
    spread = rms(delays, powers)
    rounding = 0.0
    for path in np.eye(len(delays)):
        rounding += abs(rms(delays, powers * 10.0 ** (0.005 * path)) - spread)
        rounding += abs(rms(delays + 5e-4 * path, powers) - spread)
    assert abs(spread - 1.0) < rounding < 0.02


@pytest.mark.parametrize("kind", [Tdl, Cdl], ids=["TDL", "CDL"])
def test_delays_scale_with_the_delay_spread_and_powers_do_not(kind: type[Tdl] | type[Cdl]) -> None:
    short, long = (kind(profile="B", delay_spread_s=spread) for spread in (30e-9, 300e-9))
    (delays, powers), (later, same) = stated(short), stated(long)
    np.testing.assert_allclose(later, 10.0 * delays, rtol=1e-5)
    np.testing.assert_array_equal(powers, same)
    assert long.longest_delay_s() == pytest.approx(10.0 * short.longest_delay_s(), rel=1e-5)


@pytest.mark.parametrize(
    ("channel", "k_factor_db"),
    [
        pytest.param(Tdl(profile="D"), 13.3, id="TDL-D"),
        pytest.param(Tdl(profile="E"), 22.0, id="TDL-E"),
        pytest.param(Cdl(profile="D"), 13.3, id="CDL-D"),
        pytest.param(Cdl(profile="E"), 22.0, id="CDL-E"),
    ],
)
def test_the_first_path_has_the_k_factor_of_the_table(channel: Tdl | Cdl, k_factor_db: float) -> None:
    if isinstance(channel, Tdl):
        line, first = spatial.tdl_line_of_sight(channel), spatial.tdl_profile(channel)[1][0]
        share = line / first
    else:
        named = spatial.cdl_clusters(channel).line
        assert named is not None
        share = named[0]
    assert decibels(share / (1.0 - share)) == pytest.approx(k_factor_db, abs=1e-3)


@pytest.mark.parametrize("channel", [Tdl(profile="D"), Cdl(profile="D")], ids=["TDL", "CDL"])
def test_the_drawn_first_path_has_the_moments_of_its_k_factor(channel: Tdl | Cdl, rng: np.random.Generator) -> None:
    """A constant of power K / (K + 1) with scattering of the rest: E|h|^2 = 1 and
    E|h|^4 = 1 + (2 K + 1) / (K + 1)^2, but for the 20 rays, which take 1 / (20 (K + 1)^2) away.
    """
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 1)
    named = profile_of(channel)
    power = np.abs(gains[:, 0, 0, 0, 0]) ** 2 / named[1][0]
    k_factor = 10.0**1.33
    assert_mean(power, 1.0)
    assert_mean(power**2, 1.0 + (2.0 * k_factor + 1.0 - 1.0 / 20.0) / (k_factor + 1.0) ** 2)


@pytest.mark.parametrize("profile", ["C", "D"])
@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_each_pair_of_antennas_has_unit_power_and_correlations_are_exponential(
    profile: Profile, correlation: float, rng: np.random.Generator
) -> None:
    """The scattered part is correlated; the line of sight is one and the same at all antennas."""
    ends = Ula(elements=2), Ula(elements=3)
    channel = Tdl(profile=profile, correlation=correlation, terminal=ends[0], base=ends[1])
    gains, _ = drawn(channel, int(rng.integers(2**31)), UNITS, 1)
    line = spatial.tdl_line_of_sight(channel)
    for rx in range(3):
        for tx in range(2):
            product = np.sum(gains[:, rx, tx, :, 0] * gains[:, 0, 0, :, 0].conj(), axis=1)
            assert_mean(product.real, line + (1.0 - line) * correlation ** (rx + tx))
            assert_mean(np.sum(np.abs(gains[:, rx, tx, :, 0]) ** 2, axis=1), 1.0)
