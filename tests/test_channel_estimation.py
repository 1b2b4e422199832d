"""Mean square errors of channel estimates against closed forms."""

from typing import Any, Literal, NamedTuple

import numpy as np
import pytest
from scipy.special import j0

from near import assert_mean
from semcom_channels import Cdl, Streams, Tdl
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.layout import layout_of
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_channels.units import linear
from semcom_estimation.receivers import LeastSquares, LinearMmse
from semcom_estimation.receivers.pilot_filters import interpolation_error
from semcom_estimation.receivers.pilots import PilotReceiver
from tables_38901 import TDL_C_DELAYS, TDL_C_POWERS_DB, shares

from sionna.phy.ofdm import LMMSEInterpolator, PilotPattern  # isort: skip

UNITS = 300
SUBCARRIERS, SYMBOLS, STREAMS = 24, 14, 3
SPREAD_S, SPEED_M_S, SPACING_HZ = 300e-9, 60.0, 60e3
ARRAY = Ula(elements=STREAMS)
CHANNEL = Tdl(
    profile="C",
    delay_spread_s=SPREAD_S,
    speed_m_s=SPEED_M_S,
    terminal=ARRAY,
    base=ARRAY,
    grid=OfdmGrid(subcarriers=SUBCARRIERS, subcarrier_spacing_hz=SPACING_HZ, pilots=Pilots(symbols=(2, 11))),
)
USES = len(CHANNEL.grid.data_elements) * STREAMS
LAYOUT = layout_of(CHANNEL, USES)
SNRS_DB = (-5.0, 12.0, 30.0)


def full_covariance() -> np.ndarray:
    """E h h* over all elements of a slot: J0(2 pi f_D dt) times sum over p of P exp(-2 pi j df tau)."""
    times, places = np.divmod(np.arange(SYMBOLS * SUBCARRIERS), SUBCARRIERS)
    symbol_s = (SUBCARRIERS + round(SUBCARRIERS * 9 / 128)) / (SUBCARRIERS * SPACING_HZ)
    turns = SPEED_M_S * 3.5e9 / 299_792_458.0 * symbol_s * (times[:, None] - times)
    apart = SPACING_HZ * (places[:, None] - places)
    delays, powers = SPREAD_S * np.asarray(TDL_C_DELAYS), shares(TDL_C_POWERS_DB)
    frequency = sum(power * np.exp(-2j * np.pi * apart * delay) for delay, power in zip(delays, powers, strict=True))
    return np.asarray(j0(2.0 * np.pi * turns) * frequency)


R = full_covariance()


def pilots_of(stream: int) -> np.ndarray:
    """Every third subcarrier of symbols 2 and 11: streams take turns."""
    return np.concatenate([symbol * SUBCARRIERS + np.arange(stream, SUBCARRIERS, STREAMS) for symbol in (2, 11)])


def along(points: np.ndarray, count: int, interpolation: str) -> np.ndarray:
    """What the values at points make of each place, `[place, point]`; lines go on beyond the outermost points."""
    weights = np.zeros((count, len(points)))
    for place in range(count):
        if interpolation == "nearest":
            weights[place, np.argmin(np.abs(points - place))] = 1.0
            continue
        low = int(np.clip(np.searchsorted(points, place, side="right") - 1, 0, len(points) - 2))
        share = (place - points[low]) / (points[low + 1] - points[low])
        weights[place, low], weights[place, low + 1] = 1.0 - share, share
    return weights


def filter_of(receiver: PilotReceiver, stream: int, noise_power: float) -> np.ndarray:
    """The matrix from noisy gains at pilots to gains everywhere, by the textbook."""
    pilots = pilots_of(stream)
    if isinstance(receiver, LeastSquares):
        over_time = along(np.array([2, 11]), SYMBOLS, receiver.interpolation)
        over_frequency = along(np.arange(stream, SUBCARRIERS, STREAMS), SUBCARRIERS, receiver.interpolation)
        return np.kron(over_time, over_frequency)
    inside = R[np.ix_(pilots, pilots)] + noise_power * np.eye(len(pilots))
    return np.asarray(np.linalg.solve(inside.T, R[:, pilots].T).T)


def expected_error(
    weights: np.ndarray, stream: int, noise_power: float, elements: slice | list[int] = slice(None)
) -> np.ndarray:
    """E|W (h_p + n) - h|^2 at each element that W has a row of."""
    pilots = pilots_of(stream)
    bias = np.einsum("ep,pq,eq->e", weights, R[np.ix_(pilots, pilots)], weights.conj())
    crossed = np.einsum("ep,pe->e", weights, R[pilots][:, elements])
    noise = noise_power * np.sum(np.abs(weights) ** 2, axis=1)
    return np.asarray((bias - 2.0 * crossed.real + np.diag(R)[elements]).real + noise)


class Measured(NamedTuple):
    errors: np.ndarray  # |h^ - h|^2, [unit, rx, stream, element]
    stated: np.ndarray  # [stream, element]
    heard: np.ndarray  # noisy gains at the pilots of stream 0, [unit, rx, pilot]
    gain: np.ndarray  # [unit, rx, stream, element]


def measured(receiver: PilotReceiver, snr_db: float, streams: Streams) -> Measured:
    realisation = CHANNEL.draw((UNITS, USES), tf.constant(snr_db), streams)
    quadrants = streams.rng("source").integers(4, size=(UNITS, USES))
    arrived = realisation.carry(tf.constant(np.exp(0.5j * np.pi * (quadrants + 0.5)), tf.complex64))
    estimate, stated = receiver.gain(arrived, realisation.noise_power, LAYOUT, receiver.knowledge(CHANNEL))
    shape = (UNITS, STREAMS, STREAMS, -1)
    gain = np.asarray(realisation.gain, np.complex128).reshape(shape)
    errors = np.abs(np.asarray(estimate, np.complex128).reshape(shape) - gain) ** 2
    places, values = LAYOUT.pilots(0)
    heard = np.asarray(arrived, np.complex128).reshape(UNITS, STREAMS, -1)[..., places] / values
    return Measured(errors, np.asarray(stated).reshape(STREAMS, -1), heard, gain)


RECEIVERS = [LeastSquares(interpolation="linear"), LeastSquares(interpolation="nearest"), LinearMmse()]
IDS = ["LS, linear", "LS, nearest", "LMMSE"]


@pytest.mark.parametrize("snr_db", SNRS_DB)
@pytest.mark.parametrize("receiver", RECEIVERS, ids=IDS)
def test_mean_square_errors_are_those_of_the_closed_form(
    receiver: PilotReceiver, snr_db: float, streams: Streams
) -> None:
    noise_power = linear(-snr_db)
    sample = measured(receiver, snr_db, streams)
    for stream in range(STREAMS):
        weights = filter_of(receiver, stream, noise_power)
        law = expected_error(weights, stream, noise_power)
        by_unit = sample.errors[:, :, stream].mean(axis=1)  # [unit, element]
        assert_mean(by_unit.mean(axis=1), float(law.mean()))
        for element in (0, 2 * SUBCARRIERS + 3, 6 * SUBCARRIERS + 10, SYMBOLS * SUBCARRIERS - 1):
            assert_mean(by_unit[:, element], float(law[element]))
        noise = noise_power * np.sum(np.abs(weights) ** 2, axis=1)
        stated = noise if isinstance(receiver, LeastSquares) else law
        np.testing.assert_allclose(sample.stated[stream], stated, rtol=2e-3, atol=2e-6)


@pytest.mark.parametrize("snr_db", SNRS_DB)
def test_lmmse_is_not_worse_than_least_squares(snr_db: float, streams: Streams) -> None:
    mine = measured(LinearMmse(), snr_db, streams)
    for interpolation in ("linear", "nearest"):
        other = measured(LeastSquares.read({"kind": "ls", "interpolation": interpolation}), snr_db, streams)
        assert (mine.errors.mean(axis=(0, 1, 3)) <= other.errors.mean(axis=(0, 1, 3))).all()  # of each stream


@pytest.mark.parametrize("snr_db", SNRS_DB)
def test_equalised_symbols_see_the_noise_that_lmmse_states(snr_db: float, streams: Streams) -> None:
    """Errors of the estimate are independent of it, so given the estimate they are noise of N0 plus their variance."""
    realisation = CHANNEL.draw((UNITS, USES), tf.constant(snr_db), streams)
    quadrants = streams.rng("source").integers(4, size=(UNITS, USES))
    sent = np.exp(0.5j * np.pi * (quadrants + 0.5))
    arrived = realisation.carry(tf.constant(sent, tf.complex64))
    received = LinearMmse().receive(arrived, realisation, LinearMmse().knowledge(CHANNEL))
    ratio = np.abs(np.asarray(received.y) - sent) ** 2 / np.asarray(received.no)
    assert_mean(ratio.mean(axis=1), 1.0)


@pytest.mark.parametrize("order", ["t-f", "f-t"])
@pytest.mark.parametrize("snr_db", SNRS_DB)
def test_lmmse_over_both_axes_at_once_is_not_worse_than_sionna_over_one_after_the_other(
    order: str, snr_db: float, streams: Streams
) -> None:
    mine = measured(LinearMmse(), snr_db, streams)
    mask = np.zeros(SYMBOLS * SUBCARRIERS, bool)
    mask[pilots_of(0)] = True
    ones = np.ones((1, 1, mask.sum()), np.complex64)
    pattern = PilotPattern(mask.reshape(1, 1, SYMBOLS, SUBCARRIERS), ones)
    in_time, in_frequency = R[::SUBCARRIERS, ::SUBCARRIERS], R[:SUBCARRIERS, :SUBCARRIERS]
    laws = [tf.constant(law, tf.complex64) for law in (in_time, in_frequency)]
    interpolator = LMMSEInterpolator(pattern, *laws, order=order)
    heard = tf.constant(mine.heard[:, None, :, None, None], tf.complex64)
    estimate, _ = interpolator(heard, tf.fill(heard.shape, np.float32(linear(-snr_db))))
    theirs = np.abs(np.asarray(estimate).reshape(UNITS, STREAMS, -1) - mine.gain[:, :, 0]) ** 2
    assert mine.errors[:, :, 0].mean() < theirs.mean() * 1.001
    assert theirs.mean() < 1.0  # it does estimate


@pytest.mark.parametrize("interpolation", ["linear", "nearest"])
def test_least_squares_cautions_where_interpolation_errs_by_more_than_the_noise_that_is_stated(
    interpolation: Literal["linear", "nearest"],
) -> None:
    """By the textbook's matrices, over data elements and streams; the caution tells the ratio."""
    receiver = LeastSquares(interpolation=interpolation)
    data = list(CHANNEL.grid.data_elements)
    left_out, passed = [], []
    for stream in range(STREAMS):
        weights = filter_of(receiver, stream, 0.0)[data]
        left_out.append(expected_error(weights, stream, 0.0, data).mean())
        passed.append(np.sum(weights**2, axis=1).mean())
    found = interpolation_error(CHANNEL.law, CHANNEL.state(), interpolation)
    np.testing.assert_allclose(found, (np.mean(left_out), np.mean(passed)), rtol=1e-4)
    edge_db = -10.0 * np.log10(found.error / (1.0 + found.noise))  # where both are alike
    assert receiver.cautions(CHANNEL, edge_db - 0.1) == ()
    (said,) = receiver.cautions(CHANNEL, edge_db + 10.0)
    assert said == "ls states its noise without the error of interpolation, which is 10 times as much"
    assert LinearMmse().cautions(CHANNEL, edge_db + 10.0) == ()


def test_least_squares_cautions_along_beams_by_what_interpolation_errs_there(streams: Streams) -> None:
    """Errors of estimates without noise, over what is stated; beams gain, and with them the errors."""
    channel = Cdl(
        profile="C", delay_spread_s=3e-7, speed_m_s=40.0, terminal=Ula(elements=8), precoding="eigenbeams", layers=1
    )
    uses = len(channel.grid.data_elements)
    realisation: Any = channel.draw((100, uses), tf.constant(100.0), streams)
    arrived = realisation.carry(tf.ones((100, uses), tf.complex64))
    estimate, _ = LeastSquares().gain(arrived, tf.constant(0.0), realisation.layout, ())
    errors = np.abs(np.asarray(estimate) - np.asarray(realisation.gain)) ** 2
    left = errors.reshape(100, -1)[:, list(channel.grid.data_elements)].mean()
    found = interpolation_error(channel.law, channel.state(), "linear")
    assert 0.7 < found.error / left < 1.4  # 32 units stand for the law
