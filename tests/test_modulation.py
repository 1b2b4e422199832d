"""Bits to symbols and back."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, special

from near import FALSE_ALARM, assert_mean
from semcom_channels import Awgn, Received, Streams, sionna_door
from semcom_channels.backend import tf
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation, demodulate, detect, modulate
from semcom_channels.units import linear

MODULATIONS: tuple[Modulation, ...] = ("bpsk", "qpsk", "16qam", "64qam", "256qam")


def constellation(modulation: Modulation) -> tuple[np.ndarray, np.ndarray]:
    """Every label `[points, bits]` and its point `[points]`."""
    labels = np.array(list(itertools.product((0.0, 1.0), repeat=BITS_PER_SYMBOL[modulation])), np.float32)
    return labels, modulate(labels, modulation).numpy()[:, 0]


def noisy(
    modulation: Modulation, snr_db: float, streams: Streams, rng: np.random.Generator
) -> tuple[np.ndarray, Received]:
    """Random bits and what arrives of their symbols over AWGN."""
    bits = rng.integers(2, size=(200, 120 * BITS_PER_SYMBOL[modulation])).astype(np.float32)
    realisation = Awgn().draw((200, 120), tf.constant(snr_db), streams)
    arrived = realisation.carry(modulate(bits, modulation))
    return bits, Received(arrived, tf.fill(tf.shape(arrived), realisation.noise_power))


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_symbols_have_unit_power_and_zero_mean(modulation: Modulation) -> None:
    _, points = constellation(modulation)
    assert np.mean(np.abs(points) ** 2) == pytest.approx(1.0, rel=1e-6)
    assert abs(points.mean()) < 1e-6


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_nearest_neighbours_differ_in_one_bit(modulation: Modulation) -> None:
    labels, points = constellation(modulation)
    distances = np.abs(points[:, None] - points)
    np.fill_diagonal(distances, np.inf)
    neighbours = distances < distances.min() * 1.001
    different = np.abs(labels[:, None] - labels).sum(axis=2)
    assert neighbours.any(axis=1).all()
    assert set(different[neighbours]) == {1.0}


def test_the_first_labels_are_those_of_the_standard() -> None:
    """The points of 3GPP TS 38.211, sections 5.1.3 to 5.1.5, for a few labels."""
    expected: dict[Modulation, dict[tuple[int, ...], complex]] = {
        "qpsk": {(0, 0): 1 + 1j, (1, 0): -1 + 1j},
        "16qam": {(0, 0, 0, 0): 1 + 1j, (0, 0, 1, 0): 3 + 1j, (1, 1, 1, 1): -3 - 3j, (0, 1, 0, 1): 1 - 3j},
        "64qam": {(0, 0, 0, 0, 0, 0): 3 + 3j, (0, 0, 0, 0, 1, 0): 1 + 3j, (0, 0, 1, 0, 1, 0): 7 + 3j},
    }
    for (name, points), power in zip(expected.items(), (2, 10, 42), strict=True):
        for label, point in points.items():
            symbol = modulate(np.array([label], np.float32), name).numpy()[0, 0]
            assert symbol == pytest.approx(point / math.sqrt(power), rel=1e-6)


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_symbols_are_those_of_sionna_s_mapper(modulation: Modulation, rng: np.random.Generator) -> None:
    per_symbol = BITS_PER_SYMBOL[modulation]
    bits = rng.integers(2, size=(20, 100 * per_symbol)).astype(np.float32)
    np.testing.assert_allclose(modulate(bits, modulation), sionna_door.mapper(per_symbol)(bits), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_clear_symbols_are_detected_as_what_was_sent(modulation: Modulation, rng: np.random.Generator) -> None:
    bits = rng.integers(2, size=(20, 100 * BITS_PER_SYMBOL[modulation])).astype(np.float32)
    symbols = modulate(bits, modulation)
    np.testing.assert_array_equal(detect(Received(symbols, tf.zeros(symbols.shape)), modulation), bits)


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_detected_bits_are_those_of_the_nearest_point(
    modulation: Modulation, streams: Streams, rng: np.random.Generator
) -> None:
    labels, points = constellation(modulation)
    for snr_db in (-5.0, 10.0):
        _, received = noisy(modulation, snr_db, streams, rng)
        distances = np.abs(received.y.numpy()[..., None] - points)
        closest = np.sort(distances, axis=-1)
        clear = closest[..., 1] - closest[..., 0] > 1e-5  # rounding may settle a tie either way
        bits = detect(received, modulation).numpy().reshape(*clear.shape, -1)
        np.testing.assert_array_equal(bits[clear], labels[distances.argmin(axis=-1)][clear])
        assert clear.mean() > 0.99


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_log_likelihood_ratios_are_those_of_the_whole_constellation(
    modulation: Modulation, streams: Streams, rng: np.random.Generator
) -> None:
    labels, points = constellation(modulation)
    _, (arrived, *_) = noisy(modulation, 8.0, streams, rng)
    y = arrived.numpy()[:2].astype(np.complex128)
    no = rng.uniform(0.05, 2.0, y.shape)
    exponents = -(np.abs(y[..., None, None] - points[:, None]) ** 2) / no[..., None, None]
    ones, zeros = (np.where(labels == bit, exponents, -np.inf) for bit in (1.0, 0.0))
    exact = special.logsumexp(ones, axis=2) - special.logsumexp(zeros, axis=2)
    received = Received(tf.constant(y, tf.complex64), tf.constant(no, tf.float32))
    llrs = demodulate(received, modulation).numpy()
    np.testing.assert_allclose(llrs, exact.reshape(2, -1), rtol=1e-4, atol=1e-4)  # float32 of sums of squares


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_log_likelihood_ratios_are_calibrated(
    modulation: Modulation, streams: Streams, rng: np.random.Generator
) -> None:
    """A bit whose log-likelihood ratio is L is 1 with probability 1 / (1 + exp(-L)): the residual has mean zero."""
    bits, received = noisy(modulation, 6.0, streams, rng)
    llrs = demodulate(received, modulation).numpy()
    residual = bits - special.expit(llrs)
    symbols = residual.reshape(-1, BITS_PER_SYMBOL[modulation])  # bits of one symbol are not independent
    assert_mean(symbols.mean(axis=1), 0.0)
    assert_mean((residual * np.clip(llrs, -10.0, 10.0)).reshape(symbols.shape).mean(axis=1), 0.0)


def information(bits: np.ndarray, llrs: np.ndarray, bits_per_symbol: int) -> np.ndarray:
    """Bits that each symbol's log-likelihood ratios tell, m - sum log2(1 + exp(-+L)). [Caire et al. 1998]"""
    lost = np.logaddexp(0.0, np.where(bits > 0.5, -llrs, llrs)) / math.log(2.0)
    return bits_per_symbol - np.asarray(lost.reshape(-1, bits_per_symbol).sum(axis=1))


@pytest.mark.parametrize("modulation", MODULATIONS)
@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 10.0, 25.0])
def test_received_symbols_tell_no_more_than_the_capacity(
    modulation: Modulation, snr_db: float, streams: Streams, rng: np.random.Generator
) -> None:
    bits, received = noisy(modulation, snr_db, streams, rng)
    told = information(bits, demodulate(received, modulation).numpy(), BITS_PER_SYMBOL[modulation])
    error = told.std(ddof=1) / math.sqrt(told.size)
    assert told.mean() - error * special.ndtri(1.0 - FALSE_ALARM) < Awgn().capacity(snr_db)


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 5.0])
def test_qpsk_symbols_tell_what_antipodal_signals_can(
    snr_db: float, streams: Streams, rng: np.random.Generator
) -> None:
    """Twice the information of a binary-input Gaussian channel at half the power."""
    mean = 2.0 * linear(snr_db)  # of the log-likelihood ratio, whose variance is twice that

    def lost(u: float) -> float:
        llr = mean + math.sqrt(2.0 * mean) * u
        return math.exp(-u * u / 2.0) / math.sqrt(2.0 * math.pi) * float(np.logaddexp(0.0, -llr)) / math.log(2.0)

    exact = 2.0 - 2.0 * integrate.quad(lost, -12.0, 12.0, epsrel=1e-10)[0]
    bits, received = noisy("qpsk", snr_db, streams, rng)
    assert_mean(information(bits, demodulate(received, "qpsk").numpy(), 2), exact)


def test_odd_constellations_are_refused() -> None:
    with pytest.raises(ValueError, match="bits_per_symbol is 3; expected 1 or an even number"):
        sionna_door.mapper(3)
