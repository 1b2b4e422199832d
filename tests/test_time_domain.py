"""What receivers know of channels in the time domain, against what passes through them."""

from typing import Any, Literal

import numpy as np
import pytest

from near import assert_mean
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_graph import realised, run
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Uncoded
from semcom_channels import Cdl, PointTargets, Streams, Tdl, Umi
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.grid_channel import PathChannel
from semcom_channels.modulation import modulate
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_channels.reflectors import Reflectors
from semcom_channels.taps import responses
from semcom_estimation.receivers import Perfect

NONE = Pilots(symbols=())
SMALL = OfdmGrid(subcarriers=16, symbols=3, cyclic_prefix=8, pilots=NONE)
TWO: dict[str, Any] = {"domain": "time", "terminal": Ula(elements=2), "base": Ula(elements=2)}
CHANNELS: dict[str, PathChannel] = {
    "quiet": Tdl(delay_spread_s=0.0, grid=SMALL, **TWO),
    "fast": Tdl(speed_m_s=400.0, carrier_hz=30e9, grid=SMALL, **TWO),
    "later than the prefix": Tdl(delay_spread_s=2e-6, grid=SMALL, **TWO),
    "without a prefix": Tdl(grid=SMALL.model_copy(update={"cyclic_prefix": 0}), **TWO),
    "guards": Tdl(grid=SMALL.model_copy(update={"guard_subcarriers": (2, 1), "null_dc": True}), **TWO),
    "a beam": Tdl(precoding="eigenbeams", layers=1, speed_m_s=100.0, grid=SMALL, **TWO),
}


def whole_matrix(channel: PathChannel, streams: Streams) -> tuple[Any, np.ndarray]:
    """A realisation, and what each of its elements hears of each that is sent, without noise, sent one by one:
    `[sent symbol, sent subcarrier, stream, rx, symbol, subcarrier]`.
    """
    symbols, subcarriers = channel.grid.symbols, len(channel.grid.occupied)
    uses = symbols * subcarriers * channel.streams
    realisation: Any = channel.draw((1, uses), tf.constant(0.0), streams)
    copies = realisation._replace(
        taps=tf.repeat(realisation.taps, uses, 0), noise=0.0 * tf.repeat(realisation.noise, uses, 0)
    )
    heard = np.asarray(copies.carry(tf.eye(uses, dtype=tf.complex64))) * channel.streams**0.5
    return realisation, heard.reshape(symbols, subcarriers, channel.streams, -1, symbols, subcarriers)


@pytest.mark.parametrize("name", CHANNELS)
def test_perfect_gains_are_what_each_element_makes_of_its_own_symbol(name: str, streams: Streams) -> None:
    realisation, heard = whole_matrix(CHANNELS[name], streams)
    own = np.einsum("kfsrkf->rskf", heard)
    np.testing.assert_allclose(realisation.gain[0], own, atol=1e-5)


@pytest.mark.parametrize("name", ["quiet", "fast", "later than the prefix", "without a prefix"])
def test_perfect_knowledge_knows_the_power_of_interference(name: str, streams: Streams) -> None:
    """Of a symbol between two others, on average over all subcarriers, all of them in use."""
    channel = CHANNELS[name]
    realisation, heard = whole_matrix(channel, streams)
    every = np.sum(np.abs(heard[..., 1, :]) ** 2, axis=(0, 1, 2)) / channel.streams  # [rx, subcarrier]
    own = np.sum(np.abs(np.asarray(realisation.gain)[0, :, :, 1]) ** 2, axis=1) / channel.streams
    left = (every - own).mean(axis=1)
    assert (left > 1e-4).all() == (name != "quiet")
    np.testing.assert_allclose(realisation.interference[0, :, 1, 0], left, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(realisation.disturbance[0, :, 1, 0], 1.0 + left, rtol=1e-4)


ANYWHERE = Reflectors(count=2, range_m=(50.0, 400.0), azimuth_deg=(-60.0, 60.0), rcs_m2=1e5)
SINGLE: list[PathChannel] = [
    Tdl(domain="time", grid=SMALL),
    PointTargets(domain="time", grid=SMALL, targets=(ANYWHERE,)),
]


@pytest.mark.parametrize("channel", SINGLE, ids=lambda it: it.kind)
def test_filters_of_receivers_know_what_taps_make_of_each_path(channel: PathChannel, streams: Streams) -> None:
    """The gain is the sum of paths times their responses; the covariance is made of the same responses."""
    units, uses = 20, len(channel.grid.data_elements)
    realisation = channel.draw((units, uses), tf.constant(0.0), streams)
    gains, delays = channel.paths(streams.number("channel"), units, 1, 1.0)
    each = np.broadcast_to(delays, (units, int(gains.shape[3])))
    pairs = zip(np.asarray(gains)[:, 0, 0, :, 0], each, strict=True)
    expected = [paths @ responses(channel, late) for paths, late in pairs]
    np.testing.assert_allclose(realisation.gain[:, 0, 0, 0], expected, atol=1e-5)


@pytest.mark.parametrize("channel", SINGLE, ids=lambda it: it.kind)
def test_the_covariance_is_that_of_the_gains(channel: PathChannel, streams: Streams) -> None:
    """At both edges of the band, where cut pulses lose most, and in its middle."""
    law = channel.covariance()
    frequency = np.einsum("k,kfg->fg", law.time[:, 0, 0], law.frequency)
    realisation = channel.draw((1500, len(channel.grid.data_elements)), tf.constant(0.0), streams)
    gain = np.asarray(realisation.gain)[:, 0, 0, 0]
    for one, other in ((0, 0), (0, 1), (8, 8), (15, 15), (6, 9)):
        product = gain[:, one] * gain[:, other].conj()
        assert_mean(product.real, frequency[one, other].real)
        assert_mean(product.imag, frequency[one, other].imag)


Guards = Literal["none", "guards"]
WIDE = OfdmGrid(symbols=2, pilots=NONE)
GRIDS: dict[Guards, OfdmGrid] = {"none": WIDE, "guards": WIDE.model_copy(update={"guard_subcarriers": (8, 8)})}
KINDS = {"tdl": Tdl, "cdl": Cdl, "umi": Umi}
SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("cdl", "umi")]


@pytest.mark.parametrize("guards", GRIDS)
@pytest.mark.parametrize("kind", ["tdl", *SLOW])
def test_perfect_knowledge_makes_the_errors_of_the_transform_of_the_taps(
    kind: str, guards: Guards, streams: Streams
) -> None:
    """16-QAM at 30 and 45 dB, decided here by the nearest point to y / H for H = sum of h[l] exp(-2 pi j k l / N)."""
    channel: PathChannel = KINDS[kind](domain="time", grid=GRIDS[guards])
    bits = 4 * len(channel.grid.data_elements)
    for snr_db in (30.0, 45.0):
        point = LinkPoint(
            source=RandomBits(packet_bits=bits),
            transceiver=Uncoded(modulation="16qam"),
            channel=channel,
            receiver=Perfect(),
            metrics=(BitErrorRate(),),
            batch=60,
            snr_db=snr_db,
        )
        (batch,) = point.source.draw(60, streams.rng("source"))
        mine = np.asarray(run(point, batch, streams)["ber"], np.float64)
        realisation: Any = realised(point, batch, streams)
        y = np.asarray(realisation.carry(modulate(batch.data, "16qam")))[:, 0]
        taps = np.asarray(realisation.taps)[:, 0, 0, 0]  # nothing moves
        rolled = np.roll(np.pad(taps, [[0, 0], [0, 128 - taps.shape[1]]]), realisation.first_tap, axis=1)
        gain = np.fft.fftshift(np.fft.fft(rolled, axis=1), axes=1)[:, list(channel.grid.occupied)]
        theirs = np.sum(nearest(y / gain[:, None]).reshape(60, bits) != batch.data, axis=1)
        assert_mean((mine - theirs) / bits, 0.0)
        assert abs(mine.sum() - theirs.sum()) < 0.25 * theirs.sum() + 10


def nearest(symbols: np.ndarray) -> np.ndarray:
    """Bits of the nearest 16-QAM point, `[..., 4]`. [3GPP TS 38.211, section 5.1.4]"""
    axes = np.stack([symbols.real, symbols.imag], axis=-1)
    return np.concatenate([axes < 0.0, np.abs(axes) > 2.0 / np.sqrt(10.0)], axis=-1)
