"""What energy does: it is conserved, and what leaves its symbol or subcarrier comes back as interference."""

from typing import Any, Literal

import numpy as np
import pytest
from scipy.special import j0

from near import assert_mean
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_graph import run
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Uncoded
from semcom_channels import Streams, Tdl
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.grid_draw import frequency_response
from semcom_channels.grid_realisation import TimeRealisation, samples_of, symbols_of
from semcom_channels.layout import layout_of
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_estimation.receivers import Perfect

SILENT_DB = 100.0  # noise of 1e-10
Domain = Literal["frequency", "time"]
FIRST = Pilots(symbols=(0,))
GUARDED = OfdmGrid(
    subcarriers=64, symbols=3, cyclic_prefix=20, guard_subcarriers=(8, 7), null_dc=True, pilots=FIRST
)  # few samples: the sums of sinusoids behind each of them take memory


def qpsk(streams: Streams, *shape: int) -> Any:
    quadrants = streams.rng("source").integers(4, size=shape)
    return tf.constant(np.exp(0.5j * np.pi * (quadrants + 0.5)), tf.complex64)


@pytest.mark.parametrize("domain", ["frequency", "time"])
def test_what_arrives_has_the_energy_of_the_gains(domain: Domain, streams: Streams) -> None:
    """E|y|^2 = sum over streams of |H|^2 / streams at each element, and that is 1 on average."""
    array = Ula(elements=2)
    channel = Tdl(delay_spread_s=300e-9, terminal=array, base=array, grid=GUARDED, domain=domain)
    units, uses = 60, len(channel.grid.data_elements) * 2
    realisation: Any = channel.draw((units, uses), tf.constant(SILENT_DB), streams)
    layout = realisation.layout
    arrived = np.asarray(layout.data(realisation.carry(qpsk(streams, units, uses))))
    gains = np.asarray(layout.data(realisation.gain))
    heard = np.mean(np.abs(arrived) ** 2, axis=(1, 2))
    expected = np.mean(np.sum(np.abs(gains) ** 2, axis=2) / 2.0, axis=(1, 2))
    assert_mean(heard, 1.0)
    assert_mean(heard - expected, 0.0)


@pytest.mark.parametrize("early", [0, 6])
def test_modulation_is_unitary_and_undone_at_the_receiver(early: int, streams: Streams) -> None:
    """The samples behind the prefix hold the energy of the elements, wherever in the prefix the window opens."""
    channel = Tdl(terminal=Ula(elements=2), base=Ula(elements=2), grid=GUARDED)
    layout = layout_of(channel, 3 * len(channel.grid.data_elements) * 2)
    slots = qpsk(streams, 5, 2, layout.slots, *layout.slot_shape)
    samples = samples_of(slots, layout)
    assert samples.shape == (5, 2, 3 * 3 * (64 + 20))
    bodies = np.asarray(samples).reshape(5, 2, 3, 3, 84)[..., 20:]
    np.testing.assert_allclose(np.sum(np.abs(bodies) ** 2, axis=-1), len(channel.grid.occupied), rtol=1e-5)
    back = symbols_of(samples, layout, early)
    np.testing.assert_allclose(back, slots, atol=1e-5)


def test_samples_are_the_textbook_sum_of_subcarriers(streams: Streams) -> None:
    """x[n] = 1 / sqrt(N) sum over k of X_k exp(2 pi j k (n - prefix) / N), k counted from the middle subcarrier."""
    grid = OfdmGrid(subcarriers=12, symbols=2, cyclic_prefix=3, guard_subcarriers=(2, 1), pilots=FIRST)
    layout = layout_of(Tdl(grid=grid), 9)
    slots = qpsk(streams, 1, 1, 1, 2, 9)
    indices, times = np.arange(2, 11) - 6, np.arange(15) - 3
    waves = np.exp(2j * np.pi * np.outer(indices, times) / 12.0) / np.sqrt(12.0)
    np.testing.assert_allclose(samples_of(slots, layout)[0, 0], (np.asarray(slots)[0, 0, 0] @ waves).ravel(), atol=1e-5)


def test_inside_the_prefix_time_is_frequency_up_to_the_truncated_pulse(streams: Streams) -> None:
    """Each element sees the transform of the taps, and that is the response but for the sinc beyond 6 samples."""
    channel = Tdl(delay_spread_s=300e-9, grid=GUARDED, domain="time")
    uses = len(channel.grid.data_elements)
    realisation = channel.draw((40, uses), tf.constant(SILENT_DB), streams)
    assert isinstance(realisation, TimeRealisation)
    assert realisation.taps.shape[-1] + realisation.first_tap <= channel.grid.prefix
    sent = qpsk(streams, 40, uses)
    through = np.asarray(realisation.carry(sent)) / np.asarray(realisation.layout.filled(sent))

    frequencies = np.asarray(channel.grid.frequencies_hz) / channel.grid.sample_rate_hz
    delays = np.arange(realisation.taps.shape[-1]) + realisation.first_tap
    turns = np.exp(-2j * np.pi * np.outer(delays, frequencies))
    np.testing.assert_allclose(through[:, 0, 2], np.asarray(realisation.taps)[:, 0, 0, 0] @ turns, atol=2e-4)

    np.testing.assert_allclose(realisation.gain[:, 0, 0, 2], through[:, 0, 2], atol=2e-4)
    gains, later = channel.paths(streams.number("channel"), 40, 3, 1.0 / channel.grid.symbol_s)
    response = frequency_response(gains, later, tf.constant(channel.grid.frequencies_hz, tf.float32), 1)
    paths = np.asarray(later, np.float64) * channel.grid.sample_rate_hz
    pulses = np.sinc(delays - paths[:, None]) @ turns - np.exp(-2j * np.pi * np.outer(paths, frequencies))
    powers = np.mean(np.abs(np.asarray(gains)[:, 0, 0, :, 0]) ** 2, axis=0)
    allowed = powers @ np.abs(pulses) ** 2  # of each subcarrier
    error = np.mean(np.abs(through[:, 0, 2] - np.asarray(response)[:, 0, 0, 2]) ** 2, axis=0)
    assert error.mean() < 3.0 * allowed.mean() < 0.01


def test_a_channel_that_changes_within_a_symbol_leaks_between_subcarriers_by_jakes(streams: Streams) -> None:
    """E|y - H x|^2 = 1 - mean over samples n and m of the window of J0(2 pi f_D (n - m) T), for one flat path and all
    subcarriers in use: what the mean gain loses is what leaks. [Robertson & Kaiser 1999]
    """
    grid = OfdmGrid(subcarriers=64, subcarrier_spacing_hz=15e3, symbols=2, cyclic_prefix=8, pilots=FIRST)
    channel = Tdl(profile="A", delay_spread_s=0.0, speed_m_s=300.0, grid=grid, domain="time")
    units, uses = 300, len(grid.data_elements)
    realisation: Any = channel.draw((units, uses), tf.constant(SILENT_DB), streams)
    sent = qpsk(streams, units, uses)
    clean = realisation.gain[:, 0] * realisation.layout.filled(sent)
    error = np.abs(np.asarray(realisation.carry(sent) - clean)) ** 2
    lags = np.subtract.outer(np.arange(64), np.arange(64)) / grid.sample_rate_hz
    expected = 1.0 - float(np.mean(j0(2.0 * np.pi * channel.max_doppler_hz * lags)))
    assert_mean(error.mean(axis=(1, 2, 3)), expected)
    assert_mean(np.mean(realisation.interference, axis=(1, 2, 3)), expected)


def bit_error_rate(channel: Tdl, streams: Streams) -> float:
    bits = 2 * len(channel.grid.data_elements)
    point = LinkPoint(
        source=RandomBits(packet_bits=bits),
        transceiver=Uncoded(modulation="qpsk"),
        channel=channel,
        receiver=Perfect(),
        metrics=(BitErrorRate(),),
        batch=100,
        snr_db=70.0,
    )
    (batch,) = point.source.draw(100, streams.rng("source"))
    return float(np.mean(np.asarray(run(point, batch, streams)["ber"]))) / bits


def test_paths_beyond_the_prefix_make_an_error_floor_in_time_and_are_cautioned_about(streams: Streams) -> None:
    """Rayleigh's rate at 70 dB is 1 / (2 SNR) = 5e-8: none of 40,000 bits."""
    grid = OfdmGrid(subcarriers=64, symbols=4, pilots=FIRST, cyclic_prefix=10)
    long = {domain: Tdl(delay_spread_s=3e-6, grid=grid, domain=domain) for domain in ("frequency", "time")}
    assert bit_error_rate(long["frequency"], streams) < 1e-4
    assert bit_error_rate(long["time"], streams) > 0.01
    short = Tdl(delay_spread_s=100e-9, grid=grid, domain="time")
    assert bit_error_rate(short, streams) < 0.1 * bit_error_rate(long["time"], streams)

    said = "paths are up to 21.1 us late; the cyclic prefix covers "
    assert long["time"].cautions() == (said + "2.08 us",)  # 6 samples before its end the receiver's window opens
    assert long["frequency"].cautions() == (said + "5.21 us; domain: frequency leaves their interference out",)
    assert short.cautions() == ()
