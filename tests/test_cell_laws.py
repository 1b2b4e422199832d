"""What users of cells meet - sight, walls, spreads - against the formulas and tables of 3GPP TR 38.901."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from drawn_paths import drawn
from near import FALSE_ALARM, assert_law, assert_mean
from semcom_channels import Rma, Uma, Umi
from semcom_channels.backend import tf
from semcom_channels.drop import Drop
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.sionna_door import drops, reset
from semcom_channels.streams import Streams
from test_drops import gains_db, path_loss_db, places

USERS = 1000
INDOORS: dict[str, Any] = {"users": USERS, "line_of_sight": False, "indoor_probability": 1.0}
OUTDOORS: dict[str, Any] = {"users": USERS, "indoor_probability": 0.0}
LOG_CARRIER = {"umi": np.log10(4.5), "uma": np.log10(6.0), "rma": 0.0}
"""At 3.5 GHz: log10(1 + f) in UMi, log10(f) in UMa, where f counts as 6 GHz at least. [notes 6 and 7 of table 7.5-6]"""
SPREADS = {
    ("umi", True): {
        "ds": (-7.14, -0.24, 0.38, 0.0),
        "asd": (1.21, -0.05, 0.41, 0.0),
        "asa": (1.73, -0.08, 0.28, 0.014),
        "zsa": (0.73, -0.1, 0.34, -0.04),
    },
    ("umi", False): {
        "ds": (-6.83, -0.24, 0.28, 0.16),
        "asd": (1.53, -0.23, 0.33, 0.11),
        "asa": (1.81, -0.08, 0.3, 0.05),
        "zsa": (0.92, -0.04, 0.41, -0.07),
    },
    ("uma", True): {
        "ds": (-6.955, -0.0963, 0.66, 0.0),
        "asd": (1.06, 0.1114, 0.28, 0.0),
        "asa": (1.81, 0.0, 0.2, 0.0),
        "zsa": (0.95, 0.0, 0.16, 0.0),
    },
    ("uma", False): {
        "ds": (-6.28, -0.204, 0.39, 0.0),
        "asd": (1.5, -0.1144, 0.28, 0.0),
        "asa": (2.08, -0.27, 0.11, 0.0),
        "zsa": (1.512, -0.3236, 0.16, 0.0),
    },
    ("rma", True): {
        "ds": (-7.49, 0.0, 0.55, 0.0),
        "asd": (0.9, 0.0, 0.38, 0.0),
        "asa": (1.52, 0.0, 0.24, 0.0),
        "zsa": (0.47, 0.0, 0.4, 0.0),
    },
    ("rma", False): {
        "ds": (-7.43, 0.0, 0.48, 0.0),
        "asd": (0.95, 0.0, 0.45, 0.0),
        "asa": (1.52, 0.0, 0.13, 0.0),
        "zsa": (0.58, 0.0, 0.37, 0.0),
    },
}
"""Table 7.5-6: log10 of a spread in s or degrees is normal. Of its mean the constant and what multiplies the log of the
carrier, and the same two of its deviation."""
WIDEST_DEG = {"asd": 104.0, "asa": 104.0, "zsa": 52.0}
"""At which spreads of angles are cut off. [section 7.5, step 4]"""


def sight(channel: Drop) -> tuple[np.ndarray, np.ndarray]:
    """Whether each user of a drop sees the base station, and the probability of table 7.4.2-1 that it does."""
    users, base = places(channel)
    distance = np.hypot(*(users - base)[:, :2].T)
    if channel.kind == "rma":
        chance = np.where(distance <= 10.0, 1.0, np.exp(-(distance - 10.0) / 1000.0))
    else:
        fall = {"umi": 36.0, "uma": 63.0}[channel.kind]
        near = 18.0 / distance
        chance = np.where(distance <= 18.0, 1.0, near + np.exp(-distance / fall) * (1.0 - near))
    seen = np.array([bool(user.los) for user in drops._drop(channel)])
    return seen, chance


@pytest.mark.parametrize("kind", [Umi, Uma, Rma])
def test_users_outdoors_see_the_base_station_as_often_as_the_formula_says(kind: type[Drop]) -> None:
    """Near and far users apart: the number in sight is a sum of independent draws of known chances."""
    seen, chance = sight(kind(**OUTDOORS))
    for half in (chance <= np.median(chance), chance > np.median(chance)):
        deviation = np.sqrt(np.sum(chance[half] * (1.0 - chance[half])))
        assert abs(seen[half].sum() - chance[half].sum()) < stats.norm.isf(FALSE_ALARM / 2) * deviation
        assert deviation < 0.2 * chance[half].sum()  # the number says something


def hidden_db(channel: Drop) -> np.ndarray:
    """Path loss of each user without line of sight, from table 7.4.1-1."""
    users, base = places(channel)
    d3 = np.log10(np.linalg.norm(users - base, axis=1))
    ghz, up = np.log10(channel.carrier_hz / 1e9), users[:, 2]
    if channel.kind == "umi":
        loss = 35.3 * d3 + 22.4 + 21.3 * ghz - 0.3 * (up - 1.5)
    elif channel.kind == "uma":
        loss = 13.54 + 39.08 * d3 + 20.0 * ghz - 0.6 * (up - 1.5)
    else:  # streets of 20 m between buildings of 5 m
        high = np.log10(base[2])
        loss = 161.04 - 7.1 * np.log10(20.0) + 7.5 * np.log10(5.0) - (24.37 - 3.7 * (5.0 / base[2]) ** 2) * high
        loss = loss + (43.42 - 3.1 * high) * (d3 - 3.0) + 20.0 * ghz - (3.2 * np.log10(11.75 * up) ** 2 - 4.97)
    return np.asarray(np.maximum(path_loss_db(channel), loss))


@pytest.mark.parametrize(
    ("kind", "deviation", "reach"), [(Umi, 7.82, 13.0), (Uma, 6.0, 50.0), (Rma, 8.0, 120.0)], ids=["umi", "uma", "rma"]
)
def test_hidden_users_have_the_path_loss_and_shadows_of_the_tables(
    kind: type[Drop], deviation: float, reach: float
) -> None:
    """Shadows correlate as exp(-d / reach); undone by its Cholesky factor they are independent. [table 7.5-6]"""
    channel = kind(**OUTDOORS, line_of_sight=False)
    users, _ = places(channel)
    shadow = (gains_db(channel) + hidden_db(channel)) / deviation
    apart = np.linalg.norm(users[:, None, :2] - users[:, :2], axis=2)
    assert_law(np.linalg.solve(np.linalg.cholesky(np.exp(-apart / reach)), shadow), "norm")


def walls_db(high: bool, ghz: float) -> float:
    """Mean loss through outer walls of glass and concrete. [tables 7.4.3-1 and 7.4.3-2]"""
    concrete, glass, coated = 5.0 + 4.0 * ghz, 2.0 + 0.2 * ghz, 23.0 + 0.3 * ghz
    window, share = (coated, 0.7) if high else (glass, 0.3)
    return float(5.0 - 10.0 * np.log10(share * 10.0 ** (-window / 10.0) + (1.0 - share) * 10.0 ** (-concrete / 10.0)))


@pytest.mark.parametrize(
    ("channel", "shadow", "wall", "deepest"),
    [(Umi(**INDOORS, penetration="high"), 7.0, 6.5, 25.0), (Rma(**INDOORS), 8.0, 4.4, 10.0)],
    ids=["umi, high", "rma"],
)
def test_users_indoors_lose_what_walls_and_rooms_take(
    channel: Drop, shadow: float, wall: float, deepest: float
) -> None:
    """Above the loss outdoors: walls of a normal loss, and 0.5 dB a metre inside by the lesser of two uniforms.
    [section 7.4.3]
    """
    outdoors = hidden_db(channel)
    high = getattr(channel, "penetration", "low") == "high"
    extra = -gains_db(channel) - outdoors - walls_db(high, channel.carrier_hz / 1e9)
    mean, variance = deepest / 3.0, deepest**2 / 18.0
    users, _ = places(channel)
    apart = np.linalg.norm(users[:, None, :2] - users[:, :2], axis=2)
    shadows = shadow**2 * np.exp(-apart / (120.0 if channel.kind == "rma" else 7.0))
    own = wall**2 + 0.25 * variance
    error = np.sqrt((shadows.sum() + own * USERS) / USERS**2)
    assert abs(extra.mean() - 0.5 * mean) < stats.norm.isf(FALSE_ALARM / 2) * error
    assert 0.8 < extra.std() / np.sqrt(shadow**2 + own) < 1.2


def spreads_of(channel: Drop, seed: int) -> Any:
    """Large-scale parameters of users of whom each is in a drop of its own."""
    model = drops._model(channel)
    reset(seed)
    model.set_topology(
        *drops._topology(channel.kind, drops._numbers(channel), tf.constant(USERS), 1), los=channel.line_of_sight
    )
    return model._lsp


@pytest.mark.parametrize("seen", [True, False], ids=["in sight", "hidden"])
@pytest.mark.parametrize("kind", [Umi, Uma, Rma])
def test_spreads_are_log_normal_with_the_medians_of_the_table(
    kind: type[Drop], seen: bool, rng: np.random.Generator
) -> None:
    channel = kind(**OUTDOORS, line_of_sight=seen)
    drawn_spreads = spreads_of(channel, int(rng.integers(2**31)))
    for name, (mean, by_carrier, deviation, wider) in SPREADS[channel.kind, seen].items():
        value = np.log10(np.asarray(getattr(drawn_spreads, name), np.float64).ravel())
        middle = mean + by_carrier * LOG_CARRIER[channel.kind]
        sigma = deviation + wider * LOG_CARRIER[channel.kind]
        cut = np.log10(WIDEST_DEG[name]) if name in WIDEST_DEG else np.inf
        below = value[value < cut - 1e-6]
        assert_law((below - middle) / sigma, "truncnorm", (-np.inf, (cut - middle) / sigma))
        assert len(below) > USERS / 2


def test_the_covariance_of_a_cell_is_that_of_its_draws(streams: Streams) -> None:
    """E h h* over users between resource elements apart in time or frequency; it comes of 2,000 users of its own."""
    grid = OfdmGrid(subcarriers=32, subcarrier_spacing_hz=60e3, symbols=14)
    channel = Umi(grid=grid, speed_m_s=120.0)
    gains, delays = drawn(channel, streams.number("channel"), 1000, 14, 1.0 / grid.symbol_s)
    law = channel.covariance()
    frequencies = np.asarray(grid.frequencies_hz)[[0, 1, 8, 31]]
    turns = np.exp(-2j * np.pi * delays[:, :, None] * frequencies)  # [unit, path, subcarrier]
    in_frequency = np.einsum("up,upf->uf", gains[:, 0, 0, :, 0], turns)
    in_time = np.einsum("upt,up->ut", gains[:, 0, 0], turns[:, :, 0])[:, [0, 1, 6, 13]]
    for heard, factor, other, places_ in (
        (in_frequency, law.frequency[0], law.time[0], (0, 1, 8, 31)),
        (in_time, law.time[0], law.frequency[0], (0, 1, 6, 13)),
    ):
        for column, place in enumerate(places_):
            product = heard[:, column] * heard[:, 0].conj()
            expected = factor[place, 0] * other[0, 0]
            assert_mean(product.real, expected.real)
            if place:
                assert_mean(product.imag, expected.imag)
    assert abs(law.frequency[0][31, 0]) < 0.9  # it is not all alike
    assert abs(law.time[0][13, 0]) < 0.9
