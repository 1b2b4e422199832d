"""Gains are those of Sionna on the same random numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from drawn_paths import drawn
from semcom_channels import Cdl, Tdl, Umi
from semcom_channels.arrays import Ula, Upa
from semcom_channels.backend import tf
from semcom_channels.grid_channel import PathChannel
from semcom_channels.grid_draw import frequency_response
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.sionna_door import drops, reset, spatial

from sionna.phy.channel import cir_to_ofdm_channel, exp_corr_mat, subcarrier_frequencies  # isort: skip
from sionna.phy.channel.tr38901 import TDL, ChannelCoefficientsGenerator  # isort: skip

TIMES, RATE_HZ = 3, 28e3


def both(
    channel: PathChannel, model: Any, draw: Callable[[], tuple[Any, Any]], seed: int, subclustering: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Gains of the model with semcom's sum over rays and with Sionna's, `[batch, rx, tx, path, time]` complex128."""
    ours = model._cir_sampler
    ends = ours._tx_array, ours._rx_array
    gains, delays = [], []
    for sampler in (ours, ChannelCoefficientsGenerator(channel.carrier_hz, *ends, subclustering)):
        model._cir_sampler = sampler
        reset(seed)
        drawn = draw()
        gains.append(np.asarray(drawn[0], np.complex128)[:, 0, :, 0])
        delays.append(np.asarray(drawn[1]))
    model._cir_sampler = ours
    np.testing.assert_array_equal(delays[0], delays[1])
    return gains[0], gains[1]


def assert_equal_but_for_a_scale(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """One positive scale a unit, `[batch]`."""
    axes = (1, 2, 3, 4)
    scale = np.sum(mine * theirs.conj(), axis=axes) / np.sum(np.abs(theirs) ** 2, axis=axes)
    assert (scale.real > 0.0).all()
    error = np.abs(mine - scale.real[:, None, None, None, None] * theirs)
    assert error.max() < 1e-4 * np.sqrt(np.mean(np.sum(np.abs(mine) ** 2, axis=3)))
    return np.asarray(scale.real)


TDLS = [
    pytest.param(Tdl(profile="A", speed_m_s=30.0, terminal=Ula(elements=2), base=Ula(elements=3)), id="TDL-A"),
    pytest.param(Tdl(profile="D", speed_m_s=30.0), id="TDL-D"),
    pytest.param(Tdl(correlation=0.6, terminal=Ula(elements=2), base=Ula(elements=3)), id="TDL-C, correlated"),
]


def model_of(channel: Tdl) -> Any:
    rx, tx = channel.receiver.antennas, channel.transmitter.antennas
    given: dict[str, Any] = {"min_speed": channel.speed_m_s, "num_rx_ant": rx, "num_tx_ant": tx}
    if channel.correlation:
        given |= {
            f"{end}_corr_mat": exp_corr_mat(channel.correlation, count) for end, count in (("rx", rx), ("tx", tx))
        }
    return TDL(channel.profile, channel.delay_spread_s, channel.carrier_hz, **given)


@pytest.mark.parametrize("channel", TDLS)
def test_gains_of_a_tdl_are_those_of_sionna(channel: Tdl, rng: np.random.Generator) -> None:
    seed = int(rng.integers(2**31))
    mine, delays = drawn(channel, seed, 20, 14)
    reset(seed)
    theirs, later = model_of(channel)(20, 14, 28e3)
    np.testing.assert_allclose(mine, np.asarray(theirs)[:, 0, :, 0], atol=3e-6)
    np.testing.assert_allclose(np.broadcast_to(delays, (20, len(delays))), np.asarray(later)[:, 0, 0], rtol=1e-6)


CROSSED = Ula(elements=2, polarisation="cross", pattern="38.901")
CDLS = [
    pytest.param(Cdl(profile="C", direction="downlink", speed_m_s=30.0, terminal=Ula(elements=2)), id="CDL-C, moving"),
    pytest.param(Cdl(profile="D", direction="uplink", base=CROSSED, terminal=CROSSED), id="CDL-D, crossed"),
]


@pytest.mark.parametrize("channel", CDLS)
def test_gains_of_a_cdl_are_those_of_sionna(channel: Cdl, rng: np.random.Generator) -> None:
    model = spatial._cdl(spatial._shape(channel), spatial._numbers(channel))
    mine, theirs = both(channel, model, lambda: model(6, TIMES, RATE_HZ), int(rng.integers(2**31)), False)
    scale = assert_equal_but_for_a_scale(mine, theirs)
    if channel.base.pattern == "omni":
        np.testing.assert_allclose(scale, 1.0, rtol=1e-5)


UMIS = [
    pytest.param(Umi(direction="downlink", speed_m_s=10.0), id="one polarisation, moving"),
    pytest.param(Umi(base=Upa(polarisation="cross", pattern="38.901"), terminal=CROSSED), id="two polarisations"),
]


@pytest.mark.parametrize("channel", UMIS)
def test_gains_of_a_street_canyon_are_those_of_sionna(channel: Umi, rng: np.random.Generator) -> None:
    model = drops._model(channel)
    reset(int(rng.integers(2**31)))
    units = 24
    model.set_topology(*drops._topology(channel.kind, drops._numbers(channel), tf.constant(units), 1))
    seen = np.asarray(model._scenario.los)
    assert 0 < seen.sum() < units
    mine, theirs = both(channel, model, lambda: model(TIMES, RATE_HZ), int(rng.integers(2**31)), True)
    assert_equal_but_for_a_scale(mine, theirs)


@pytest.mark.parametrize("shared", [True, False], ids=["delays shared", "delays of each unit"])
@pytest.mark.parametrize(("slots", "null_dc"), [(1, False), (3, True)])
def test_the_response_at_subcarriers_is_that_of_sionna(
    slots: int, null_dc: bool, shared: bool, rng: np.random.Generator
) -> None:
    grid = OfdmGrid(subcarriers=24, symbols=12, guard_subcarriers=(2, 3), null_dc=null_dc)
    batch, rx, tx, paths, times = 4, 3, 2, 7, slots * grid.symbols
    gains = rng.normal(size=(batch, rx, tx, paths, times)) + 1j * rng.normal(size=(batch, rx, tx, paths, times))
    delays = rng.uniform(0.0, 2e-6, size=(1 if shared else batch, paths)).astype(np.float32)
    frequencies = tf.constant(grid.frequencies_hz, tf.float32)
    given = tf.constant(delays[0] if shared else delays)
    mine = frequency_response(tf.constant(gains, tf.complex64), given, frequencies, slots)
    every = subcarrier_frequencies(grid.subcarriers, grid.subcarrier_spacing_hz)
    theirs = cir_to_ofdm_channel(
        tf.gather(every, list(grid.occupied)),
        tf.constant(gains[:, None, :, None], tf.complex64),
        tf.constant(np.broadcast_to(delays, (batch, paths))[:, None, None]),
    )[:, 0, :, 0]
    by_slot = tf.reshape(theirs, [batch, rx, tx, slots, grid.symbols, -1])
    expected = tf.reshape(tf.transpose(by_slot, [0, 3, 1, 2, 4, 5]), mine.shape)
    np.testing.assert_allclose(mine, expected, atol=2e-5)
