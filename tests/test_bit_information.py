"""What bits of symbols tell over white Gaussian noise."""

import math
from typing import Any

import numpy as np
import pytest

from near import assert_mean
from semcom_channels import Received
from semcom_channels.backend import tf
from semcom_channels.bit_information import dispersion, information
from semcom_channels.modulation import BITS_PER_SYMBOL, demodulate, modulate

MODULATIONS: tuple[Any, ...] = ("bpsk", "qpsk", "16qam", "64qam", "256qam")


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_symbols_tell_what_their_log_likelihood_ratios_tell(modulation: Any, rng: np.random.Generator) -> None:
    count = 20_000
    for snr_db in (-5.1, 3.9, 12.9, 21.9):
        noise = 10.0 ** (-snr_db / 10.0)
        bits = rng.integers(0, 2, (1, count * BITS_PER_SYMBOL[modulation]))
        w = (rng.normal(size=(1, count)) + 1j * rng.normal(size=(1, count))) * math.sqrt(noise / 2.0)
        y = modulate(tf.constant(bits, tf.float32), modulation) + tf.constant(w, tf.complex64)
        llrs = demodulate(Received(y, tf.fill((1, count), tf.constant(noise, tf.float32))), modulation).numpy()
        told = 1.0 - np.logaddexp(0.0, (1 - 2 * bits) * llrs) / math.log(2.0)
        told = told.reshape(count, -1).sum(axis=1)
        expected = float(information(modulation, noise))
        if 0.05 < expected < BITS_PER_SYMBOL[modulation] - 0.05:
            assert_mean(told, expected)
            assert_mean(np.square(told - told.mean()), float(dispersion(modulation, noise)))


def test_information_grows_with_the_snr_to_all_bits_and_stays_below_capacity() -> None:
    snr_db = np.arange(-30.0, 45.0, 0.5)
    noise = 10.0 ** (-snr_db / 10.0)
    for modulation in MODULATIONS:
        told = information(modulation, noise)
        assert (np.diff(told) > -1e-12).all()
        assert (told <= np.log2(1.0 + 1.0 / noise) + 5e-4).all()
        assert information(modulation, 1e-5) == pytest.approx(BITS_PER_SYMBOL[modulation], abs=1e-9)
        if modulation in ("bpsk", "qpsk"):  # at low SNR they reach it
            assert told[0] == pytest.approx(1e-3 / math.log(2.0), rel=5e-3)


def test_qpsk_is_two_bpsk_of_half_the_power() -> None:
    noise = 10.0 ** np.arange(-2.0, 2.0, 0.1)
    np.testing.assert_allclose(information("qpsk", noise), 2.0 * information("bpsk", 2.0 * noise), atol=1e-3)
