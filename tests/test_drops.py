"""Drops of users and link budgets against the formulas of 3GPP TR 38.901."""

from typing import Any

import numpy as np
import pytest

from drawn_paths import drawn
from near import assert_law, assert_mean
from semcom_channels import Rma, Uma, Umi
from semcom_channels.arrays import Ula
from semcom_channels.drop import Drop
from semcom_channels.link_budget import LinkBudget
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.sionna_door import drops

USERS = 400
SEEN: dict[str, Any] = {"users": USERS, "line_of_sight": True, "indoor_probability": 0.0}
CELLS: list[Drop] = [Umi(**SEEN), Uma(**SEEN), Rma(**SEEN)]


def places(channel: Drop) -> tuple[np.ndarray, np.ndarray]:
    """Where the users of a drop are, `[user, 3]`, and the base station, `[3]`, in m."""
    users = drops._drop(channel)
    found = np.array([np.asarray(user.topology.ut_loc)[0, 0] for user in users], np.float64)
    return found, np.asarray(users[0].topology.bs_loc, np.float64)[0, 0]


def path_loss_db(channel: Drop) -> np.ndarray:
    """Table 7.4.1-1, line of sight, of each user."""
    users, base = places(channel)
    apart = users - base
    d2, d3 = np.hypot(apart[:, 0], apart[:, 1]), np.linalg.norm(apart, axis=1)
    ghz = 20.0 * np.log10(channel.carrier_hz / 1e9)
    if channel.kind == "rma":
        far = break_point(channel, users, base)
        near = rural_db(d3, ghz)
        beyond = rural_db(far, ghz) + 40.0 * np.log10(d3 / far)
    else:
        far = 4.0 * (base[2] - 1.0) * (users[:, 2] - 1.0) * channel.carrier_hz / 3e8
        offset, slope, corner = {"umi": (32.4, 21.0, 9.5), "uma": (28.0, 22.0, 9.0)}[channel.kind]
        near = offset + slope * np.log10(d3) + ghz
        beyond = offset + 40.0 * np.log10(d3) + ghz - corner * np.log10(far**2 + (base[2] - users[:, 2]) ** 2)
    loss: np.ndarray = np.where(d2 < far, near, beyond)
    return loss


def break_point(channel: Drop, users: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Of RMa, 2 pi h_BS h_UT f / c."""
    return np.asarray(2.0 * np.pi * base[2] * users[:, 2] * channel.carrier_hz / 3e8)


def rural_db(distance: np.ndarray, ghz: float) -> np.ndarray:
    """PL1 of RMa among buildings of 5 m."""
    slope, fixed = 0.03 * 5.0**1.72, 0.044 * 5.0**1.72
    free = 20.0 * np.log10(40.0 * np.pi * distance / 3.0) + ghz
    return np.asarray(free + slope * np.log10(distance) - fixed + 0.002 * np.log10(5.0) * distance)


def gains_db(channel: Drop) -> np.ndarray:
    return np.array([user.gain_db for user in drops._drop(channel)])


@pytest.mark.parametrize("channel", CELLS, ids=lambda channel: channel.kind)
def test_path_gains_are_the_formula_with_log_normal_shadows(channel: Drop) -> None:
    """Shadows have 4 dB (6 in RMa beyond the break point) and the correlation exp(-d / d_cor) between users; undone by
    its Cholesky factor they are independent. [tables 7.4.1-1 and 7.5-6]
    """
    users, base = places(channel)
    d2 = np.linalg.norm((users - base)[:, :2], axis=1)
    rural = channel.kind == "rma" and d2 > break_point(channel, users, base)
    deviation = np.where(rural, 6.0, 4.0)
    shadow = (gains_db(channel) + path_loss_db(channel)) / deviation
    distance = np.linalg.norm(users[:, None, :2] - users[:, :2], axis=2)
    law = np.exp(-distance / {"umi": 10.0, "uma": 37.0, "rma": 37.0}[channel.kind])
    assert_law(np.linalg.solve(np.linalg.cholesky(law), shadow), "norm")


def test_users_stand_in_the_sector_and_not_too_near() -> None:
    """Table 7.2-1: sites of UMi are 200 m apart, users 10 m away at least, base station at 10 m."""
    users, base = places(CELLS[0])
    np.testing.assert_array_equal(base, [0.0, 0.0, 10.0])
    away, azimuth = np.hypot(users[:, 0], users[:, 1]), np.arctan2(users[:, 1], users[:, 0])
    assert away.min() >= 10.0
    assert away.max() <= 200.0 / np.sqrt(3.0) + 1e-3
    assert azimuth.min() >= -1e-6
    assert azimuth.max() <= 2.0 * np.pi / 3.0 + 1e-6


def test_directive_elements_of_the_base_station_add_their_gain_towards_the_user() -> None:
    """8 dBi less 12 (angle / 65)^2 in azimuth and tilt, at most 30 dB. [table 7.3-1]"""
    omni, directive = CELLS[0], Umi(**SEEN, base=Ula(pattern="38.901"))
    users, base = places(directive)
    np.testing.assert_array_equal(users, places(omni)[0])
    yaw, pitch, roll = np.asarray(drops._drop(directive)[0].topology.bs_orientations)[0, 0]
    assert roll == 0.0
    towards = (users - base) / np.linalg.norm(users - base, axis=1, keepdims=True)
    turned = np.array([[np.cos(yaw), np.sin(yaw), 0.0], [-np.sin(yaw), np.cos(yaw), 0.0], [0.0, 0.0, 1.0]])
    tilted = np.array([[np.cos(pitch), 0.0, -np.sin(pitch)], [0.0, 1.0, 0.0], [np.sin(pitch), 0.0, np.cos(pitch)]])
    x, y, z = tilted @ turned @ towards.T
    across = np.minimum(12.0 * (np.rad2deg(np.arctan2(y, x)) / 65.0) ** 2, 30.0)
    upwards = np.minimum(12.0 * ((np.rad2deg(np.arccos(z)) - 90.0) / 65.0) ** 2, 30.0)
    expected = 8.0 - np.minimum(across + upwards, 30.0)
    np.testing.assert_allclose(gains_db(directive) - gains_db(omni), expected, atol=0.02)


def test_a_link_budget_adds_up() -> None:
    """Noise is -174 dBm/Hz at 290 K, 10 log B and the noise figure above it."""
    budget = LinkBudget(transmit_power_dbm=20.0, noise_figure_db=5.0)
    assert budget.noise_dbm(1.0) == pytest.approx(-173.975 + 5.0, abs=1e-3)
    assert budget.noise_dbm(10e6) == pytest.approx(-173.975 + 70.0 + 5.0, abs=1e-3)
    assert budget.snr_db(-100.0, 10e6) == pytest.approx(20.0 - 100.0 + 173.975 - 70.0 - 5.0, abs=1e-3)


def test_a_user_has_the_snr_of_its_path_over_the_occupied_bandwidth() -> None:
    grid = OfdmGrid(subcarriers=64, subcarrier_spacing_hz=15e3, guard_subcarriers=(2, 1), null_dc=True)
    budget = LinkBudget(transmit_power_dbm=17.0, noise_figure_db=9.0)
    for user in (0, 7):
        channel = Umi(**SEEN, grid=grid, user=user, budget=budget)
        expected = 17.0 + gains_db(Umi(**SEEN, grid=grid))[user] + 173.975 - 10.0 * np.log10(60 * 15e3) - 9.0
        assert channel.implies_snr
        assert channel.implied_snr_db() == pytest.approx(expected, abs=2e-3)
    assert not Umi().implies_snr


def rms_delays(channel: Drop, seed: int) -> np.ndarray:
    """The rms delay spread of each unit in s."""
    gains, delays = drawn(channel, seed, 300, 1, 1.0)
    power = np.abs(gains[:, 0, 0, :, 0]) ** 2
    share = power / power.sum(axis=1, keepdims=True)
    mean = np.sum(share * delays, axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.sum(share * (delays - mean) ** 2, axis=1)))


def test_a_user_keeps_its_spreads_and_another_has_others(rng: np.random.Generator) -> None:
    """Chunks of one user have equal delay spreads on average, units of unit power, and differ; users differ."""
    hidden: dict[str, Any] = {"users": 50, "line_of_sight": False, "indoor_probability": 0.0}
    spreads = [float(user.spreads[0]) for user in drops._drop(Umi(**hidden))]
    one, other = (Umi(**hidden, user=int(index)) for index in (np.argmin(spreads), np.argmax(spreads)))
    seeds = [int(seed) for seed in rng.integers(2**31, size=3)]
    first, second, third = rms_delays(one, seeds[0]), rms_delays(one, seeds[1]), rms_delays(other, seeds[2])
    assert (first != second).all()
    assert_mean(first - second, 0.0)
    wider = (third.mean() - first.mean()) / np.sqrt((third.var() + first.var()) / len(first))
    assert wider > 6.0
    for channel, seed in ((one, seeds[0]), (other, seeds[2])):
        gains, _ = drawn(channel, seed, 300, 1, 1.0)
        assert_mean(np.sum(np.abs(gains[:, 0, 0, :, 0]) ** 2, axis=1), 1.0)


def test_a_drop_is_made_of_its_seed() -> None:
    same, other = Umi(**SEEN), Umi(**SEEN, drop_seed=2)
    np.testing.assert_array_equal(gains_db(same), gains_db(CELLS[0]))
    assert (gains_db(other) != gains_db(same)).all()


@pytest.mark.parametrize(
    ("terminal", "base", "expected"),
    [("vertical", "cross", 0.5 * (1.0 + 10.0**-0.9)), ("horizontal", "vertical", 10.0**-0.9)],
)
def test_crossed_antennas_hear_what_scattering_turns(terminal: Any, base: Any, expected: float) -> None:
    """In line of sight of UMi the cross-polarisation ratio is 9 dB on average; tilt turns fields a little."""
    crossed = Umi(**SEEN, terminal=Ula(polarisation=terminal), base=Ula(polarisation=base))
    loss = gains_db(crossed) - gains_db(CELLS[0])
    assert np.median(loss) == pytest.approx(10.0 * np.log10(expected), abs=0.3)
