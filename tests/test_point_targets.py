"""Point targets: paths and echoes against geometry and the radar equation, worked out by hand."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from near import assert_mean, assert_rate
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_point import LinkPoint
from semcom.tally import Rate
from semcom.transceivers import Uncoded
from semcom_channels import PointTargets, Streams
from semcom_channels.backend import tf
from semcom_channels.closed_form import awgn
from semcom_channels.target_realisation import TargetRealisation
from semcom_estimation.receivers import KINDS as RECEIVERS
from semcom_estimation.receivers import Perfect

C = 299_792_458.0
CARRIER = 26e9
GRID = {"subcarriers": 32, "subcarrier_spacing_hz": 120e3, "symbols": 7, "pilots": {"symbols": [0]}}
LINE = {"kind": "ula", "elements": 4}
TARGET = {"range_m": 60.0, "speed_m_s": 15.0, "azimuth_deg": 25.0, "rcs_m2": 3.0}


def channel(**fields: Any) -> PointTargets:
    plain = {"kind": "point_targets", "carrier_hz": CARRIER, "grid": GRID, "targets": [TARGET], "radar": LINE}
    return PointTargets.read({**plain, **fields})


def drawn(given: PointTargets, streams: Streams, units: int = 2, uses: int = 300, snr_db: float = 0.0) -> Any:
    realisation = given.draw((units, uses), tf.constant(snr_db), streams)
    assert isinstance(realisation, TargetRealisation)
    return realisation


def test_an_echo_is_what_geometry_and_the_radar_equation_say(streams: Streams) -> None:
    """Two slots of one target: its delay over subcarriers, Doppler shift over symbols and phase over antennas."""
    given = channel(line_of_sight=False, clutter=[])
    found = drawn(given, streams)
    response = (
        np.asarray(found.echo_gain())[:, :, 0].reshape(2, 2, 4, 7, 32).transpose(0, 2, 1, 3, 4).reshape(2, 4, 14, 32)
    )
    delay, shift = 2.0 * 60.0 / C, 2.0 * 15.0 * CARRIER / C
    frequencies = (np.arange(32) - 16) * 120e3
    times = np.arange(14) * (32 + 2) / 32 / 120e3
    steering = np.exp(2j * np.pi * 0.5 * np.sin(np.deg2rad(25.0)) * np.arange(4))
    turns = np.exp(2j * np.pi * shift * times)[:, None] * np.exp(-2j * np.pi * delay * frequencies)
    truth = found.echo.truth
    expected = truth.gains.numpy()[:, 0, None, None, None] * steering[:, None, None] * turns
    np.testing.assert_allclose(response, expected, atol=2e-6 * np.abs(expected).max())
    np.testing.assert_allclose(truth.delays_s, delay, rtol=1e-12)
    np.testing.assert_allclose(truth.shifts_hz, shift, rtol=1e-12)
    np.testing.assert_allclose(truth.azimuths_deg, 25.0, rtol=1e-12)


@pytest.mark.parametrize("loss_db", [None, 117.0])
def test_an_echo_has_the_power_of_the_radar_equation_or_of_the_loss(loss_db: float | None, streams: Streams) -> None:
    """In watts: transmit power times the echo's gain over k T B F is what the realisation says relative to N0."""
    budget = {"transmit_power_dbm": 30.0, "noise_figure_db": 6.0}
    given = channel(targets=[{**TARGET, "loss_db": loss_db}], budget=budget)
    found = drawn(given, streams, snr_db=given.implied_snr_db())
    wavelength = C / CARRIER
    gain = wavelength**2 * 3.0 / ((4.0 * np.pi) ** 3 * 60.0**4) if loss_db is None else 10.0 ** (-loss_db / 10.0)
    noise = 1.380649e-23 * 290.0 * 32 * 120e3 * 10.0**0.6
    heard = np.abs(found.echo.truth.gains.numpy()) ** 2 / float(found.noise_power)
    np.testing.assert_allclose(heard, gain / noise, rtol=1e-5)


def test_each_unit_has_the_powers_of_its_own_places(streams: Streams) -> None:
    """Over a budget without a line of sight: what is heard and what is seen of a target that is anywhere, in watts."""
    budget = {"transmit_power_dbm": 30.0, "noise_figure_db": 6.0}
    given = channel(targets=[{**TARGET, "range_m": [20.0, 90.0]}], budget=budget, line_of_sight=False)
    found = drawn(given, streams, units=20, snr_db=given.implied_snr_db())
    near = found.echo.truth.delays_s.numpy()[:, 0] * C / 2.0
    angle = np.deg2rad(given.terminal_azimuth_deg - 25.0)
    far = np.sqrt(near**2 + 100.0**2 - 2.0 * near * 100.0 * np.cos(angle))
    sent = 1.0 / (1.380649e-23 * 290.0 * 32 * 120e3 * 10.0**0.6)  # watts over those of the noise
    equation = sent * (C / CARRIER) ** 2 * 3.0 / (4.0 * np.pi) ** 3 / near**2
    for sight, other in ((found.echo.truth, near), (found.seen, far)):
        heard = np.abs(sight.gains.numpy()[:, 0]) ** 2 / float(found.noise_power)
        np.testing.assert_allclose(heard, equation / other**2, rtol=1e-5)
    link = np.mean(np.abs(found.gain.numpy()) ** 2, axis=(1, 2, 3, 4)).reshape(20, 2)
    np.testing.assert_allclose(link / float(found.noise_power), (equation / far**2)[:, None] * [1, 1], rtol=1e-3)


def test_a_reflector_at_the_terminal_returns_what_it_would_from_a_wavelength(streams: Streams) -> None:
    """At its very place the radar equation has no value."""
    given = channel(radar=None, targets=[{**TARGET, "azimuth_deg": 20.0, "range_m": 100.0}], terminal_range_m=100.0)
    gains = drawn(given, streams).seen.gains.numpy()
    expected = np.sqrt(3.0 / (4.0 * np.pi)) / (C / CARRIER)
    np.testing.assert_allclose(np.abs(gains[:, 1] / gains[:, 0]), expected, rtol=1e-6)


def test_a_planar_radar_sees_azimuth_and_elevation_row_by_row(streams: Streams) -> None:
    target = {**TARGET, "elevation_deg": 20.0}
    found = drawn(channel(targets=[target], radar={"kind": "upa", "rows": 2, "columns": 3}), streams)
    response = np.asarray(found.echo_gain())[0, :, 0, 0, 0].reshape(2, 3)
    up, along = np.sin(np.deg2rad(20.0)), np.sin(np.deg2rad(25.0)) * np.cos(np.deg2rad(20.0))
    phases = np.pi * (up * np.arange(2)[:, None] + along * np.arange(3))
    np.testing.assert_allclose(response / response[0, 0], np.exp(1j * phases), atol=1e-6)


@pytest.mark.parametrize("direction", ["downlink", "uplink"])
def test_paths_to_the_receiver_are_those_of_a_triangle(direction: str, streams: Streams) -> None:
    """Terminal 80 m straight ahead and coming at 10 m/s; a target 60 m away at a right angle, and coming at 15 m/s."""
    given = channel(
        direction=direction,
        radar=None,
        targets=[{**TARGET, "azimuth_deg": 90.0}],
        terminal_range_m=80.0,
        terminal_azimuth_deg=0.0,
        speed_m_s=10.0,
    )
    seen = drawn(given, streams).seen
    np.testing.assert_allclose(
        seen.delays_s.numpy(), np.broadcast_to([0.0, (60.0 + 100.0 - 80.0) / C], (2, 2)), rtol=1e-9
    )
    # the terminal moves along -x; of the line from it to the target, (-0.8, 0.6), it covers 0.8, the target 0.6
    closing = 15.0 + 10.0 * 0.8 + 15.0 * 0.6
    expected = np.array([10.0, closing]) * CARRIER / C
    np.testing.assert_allclose(seen.shifts_hz.numpy(), np.broadcast_to(expected, (2, 2)), rtol=1e-9)
    ratio = np.abs(seen.gains.numpy()[:, 1] / seen.gains.numpy()[:, 0])
    np.testing.assert_allclose(ratio, np.sqrt(3.0 / (4.0 * np.pi)) * 80.0 / (60.0 * 100.0), rtol=1e-9)
    at_terminal = np.rad2deg(np.arctan2(0.6, 0.8))  # the terminal looks back at the base station: left is right
    np.testing.assert_allclose(
        seen.azimuths_deg.numpy()[0], [0.0, 90.0 if direction == "uplink" else -at_terminal], atol=1e-9
    )


def test_the_line_of_sight_has_the_bit_error_rate_of_awgn_at_the_link_budgets_snr(streams: Streams) -> None:
    budget = {"transmit_power_dbm": 10.0, "noise_figure_db": 7.0}
    given = channel(targets=[], radar=None, budget=budget, terminal_range_m=150.0)
    wavelength = C / CARRIER
    loss_db = 20.0 * np.log10(4.0 * np.pi * 150.0 / wavelength)
    noise_dbm = 10.0 * np.log10(1.380649e-23 * 290.0 * 32 * 120e3 * 1e3) + 7.0
    snr_db = 10.0 - loss_db - noise_dbm
    assert given.implied_snr_db() == pytest.approx(snr_db, abs=1e-9)
    point = LinkPoint(
        source=RandomBits(packet_bits=768),
        transceiver=Uncoded(modulation="16qam"),
        channel=given,
        receiver=Perfect(),
        metrics=(BitErrorRate(),),
        batch=200,
        snr_db=None,
    )
    tally = point.evaluate(streams)["ber"]
    assert isinstance(tally, Rate)
    assert tally.errors > 100
    assert_rate(tally.errors, tally.trials, awgn("16qam", snr_db))


def test_echoes_carry_noise_of_their_own_with_the_power_of_the_links(streams: Streams) -> None:
    found = drawn(channel(), streams, snr_db=-7.0)
    symbols = tf.zeros((2, 300), tf.complex64)
    pilots = found.layout.filled(symbols)  # what the frame holds without data
    clean = np.asarray(tf.reduce_sum(found.echo_gain() * pilots[:, None], axis=2))
    heard, carried = np.asarray(found.echoes(symbols)) - clean, np.asarray(found.link.noise)
    assert_mean(np.abs(heard) ** 2, 10.0**0.7)
    assert_mean((heard[:, :1] * carried.conj()).real, 0.0)


def test_the_covariance_is_that_of_gains_over_random_phases(streams: Streams) -> None:
    """Of fixed places: E[H(k, l) H*(0, 0)], over lags of time and of frequency, each for itself."""
    strong = {**TARGET, "rcs_m2": 3e4, "azimuth_deg": 10.0}
    given = channel(radar=None, targets=[strong], speed_m_s=3.0)
    gain = drawn(given, streams, units=4000, uses=100).gain.numpy()[:, 0, 0]
    law = given.covariance()
    for lags, expected in ((gain[:, :, 0], law.time[0, :, 0]), (gain[:, 0, :], law.frequency[0, :, 0])):
        products = lags * lags[:, :1].conj()
        assert abs(complex(expected[-1]).imag) > 0.1  # a sign shows
        for lag in (1, -1):
            assert_mean(products[:, lag].real, float(np.real(expected[lag])))
            assert_mean(products[:, lag].imag, float(np.imag(expected[lag])))


def test_clutter_is_heard_and_no_target(streams: Streams) -> None:
    clutter = [{"count": 20, "range_m": [20.0, 90.0], "azimuth_deg": [-60.0, 60.0], "rcs_m2": 0.1}]
    found = drawn(channel(clutter=clutter), streams)
    assert found.echo.truth.delays_s.shape == (2, 1)
    assert found.seen.delays_s.shape == (2, 2)  # with the line of sight
    assert found.echo.delaying.shape[1] == 21


def test_streams_of_several_antennas_leave_with_their_phases(streams: Streams) -> None:
    """Two antennas send the same: towards broadside they add up, a target at 30 degrees hears them in quadrature."""
    target = {**TARGET, "azimuth_deg": 30.0}
    given = channel(targets=[target], base={"kind": "ula", "elements": 2}, terminal={"kind": "ula", "elements": 2})
    response = np.asarray(drawn(given, streams).echo_gain())[0, 0, :, 0, 0]
    np.testing.assert_allclose(response[1] / response[0], np.exp(1j * np.pi * 0.5), atol=1e-6)


def test_places_vary_within_their_spans_and_the_power_does_not_change_them(streams: Streams) -> None:
    spans = {"count": 2, "range_m": [40.0, 80.0], "azimuth_deg": [-30.0, 10.0], "speed_m_s": [-5.0, 5.0]}
    budgets = [{"transmit_power_dbm": power} for power in (0.0, 20.0)]
    first, second = (drawn(channel(targets=[spans], budget=budget), streams, 50) for budget in budgets)
    delays = first.echo.truth.delays_s.numpy()
    assert (delays >= 80.0 / C).all()
    assert (delays <= 160.0 / C).all()
    assert len(np.unique(delays)) == 100
    np.testing.assert_array_equal(delays, second.echo.truth.delays_s.numpy())
    assert channel(budget=budgets[0]).fading() == channel(budget=budgets[1]).fading()


@pytest.mark.parametrize("receiver", [kind() for kind in RECEIVERS], ids=lambda kind: kind.kind)
def test_every_receiver_finds_the_bits_of_a_strong_link(receiver: Any, streams: Streams) -> None:
    point = LinkPoint(
        source=RandomBits(packet_bits=600),
        transceiver=Uncoded(modulation="qpsk"),
        channel=channel(radar=None, grid={**GRID, "pilots": {"symbols": [0, 6]}}),
        receiver=receiver,
        metrics=(BitErrorRate(),),
        batch=10,
        snr_db=30.0,
    )
    tally = point.evaluate(streams)["ber"]
    assert isinstance(tally, Rate)
    assert tally.errors == 0


def test_echoes_without_a_radar_are_refused(streams: Streams) -> None:
    found = drawn(channel(radar=None), streams)
    with pytest.raises(ValueError, match="give the channel a radar"):
        found.echoes(tf.zeros((2, 300), tf.complex64))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"direction": "uplink"}, "radar hears what the base station sends; give direction: downlink"),
        ({"precoding": "eigenbeams"}, "radar hears what antennas send; give precoding: none"),
        ({"radar": {**LINE, "pattern": "38.901"}}, "radar has 38.901 elements, vertical; expected omni, vertical"),
        ({"line_of_sight": False, "targets": []}, "there is no path: no line of sight, no targets and no clutter"),
        ({"targets": [{"range_m": [9.0, 3.0]}]}, "range_m is 9 to 3; expected a part of 0.001 to 1e"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        channel(**fields)


def test_echoes_beyond_the_cyclic_prefix_leave_a_caution() -> None:
    (said,) = channel(targets=[{"range_m": 400.0}]).cautions()
    assert said.startswith("echoes are up to 2.67 us late; the cyclic prefix covers 0.521 us")
    assert channel().cautions() == ()
