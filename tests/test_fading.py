"""The laws of fading and noise."""

import math

import numpy as np
import pytest
from scipy import stats

from near import assert_law, assert_mean, assert_rate
from semcom_channels import Awgn, Channel, Rayleigh, Rician, Streams
from semcom_channels.backend import tf
from semcom_channels.units import linear

MANY = (20_000, 4)


def gains(channel: Channel, shape: tuple[int, int], streams: Streams) -> np.ndarray:
    return np.asarray(channel.draw(shape, tf.constant(0.0), streams).gain, np.complex128)


def test_rayleigh_power_is_exponential_and_its_phase_uniform(streams: Streams) -> None:
    gain = gains(Rayleigh(coherence_uses=1), MANY, streams)
    assert_law(np.abs(gain) ** 2, "expon")
    assert_law(np.angle(gain), "uniform", (-math.pi, 2.0 * math.pi))
    assert_law(gain.real, "norm", (0.0, math.sqrt(0.5)))
    assert_mean(gain.real * gain.imag, 0.0)


@pytest.mark.parametrize("k_factor_db", [-60.0, -5.0, 0.0, 6.0, 20.0])
def test_rician_power_is_noncentral_chi_square(k_factor_db: float, streams: Streams) -> None:
    """2 (K + 1) |h|^2 has two degrees of freedom and noncentrality 2 K."""
    gain = gains(Rician(k_factor_db=k_factor_db, coherence_uses=1), MANY, streams)
    k_factor = linear(k_factor_db)
    assert_law(2.0 * (k_factor + 1.0) * np.abs(gain) ** 2, "ncx2", (2.0, 2.0 * k_factor))
    assert_mean(gain.real, math.sqrt(k_factor / (k_factor + 1.0)))
    assert_mean(gain.imag, 0.0)


def test_rician_of_sixty_decibels_stands_still(streams: Streams) -> None:
    """The scattered deviation of a part is sqrt(1 / (2 (K + 1))) = 7.1e-4; noise of float32 ends before 8 of it."""
    gain = gains(Rician(k_factor_db=60.0, coherence_uses=1), MANY, streams)
    assert np.abs(gain - 1.0).max() < 8.0 * math.sqrt(0.5e-6)


@pytest.mark.parametrize("kind", [Rayleigh, Rician], ids=["rayleigh", "rician"])
def test_gains_are_constant_inside_coherence_blocks_and_independent_across(
    kind: type[Rayleigh] | type[Rician], streams: Streams
) -> None:
    channel = kind(coherence_uses=3)
    gain = gains(channel, (20_000, 8), streams)  # blocks of 3, 3 and 2 uses
    blocks = gain[:, ::3]
    np.testing.assert_array_equal(gain, np.repeat(blocks, 3, axis=1)[:, :8])
    scattered = blocks - blocks.mean()
    for one, other in ((0, 1), (1, 2), (0, 2)):
        product = scattered[:, one] * scattered[:, other].conj()
        assert_mean(product.real, 0.0)
        assert_mean(product.imag, 0.0)
    rows = scattered[1:, 0] * scattered[:-1, 0].conj()
    assert_mean(rows[::2].real, 0.0)


@pytest.mark.parametrize("kind", [Rayleigh, Rician], ids=["rayleigh", "rician"])
def test_one_gain_serves_the_whole_unit_unless_told_otherwise(
    kind: type[Rayleigh] | type[Rician], streams: Streams
) -> None:
    assert gains(kind(), (50, 7), streams).shape == (50, 1)
    assert len(np.unique(gains(kind(), (50, 7), streams))) == 50


@pytest.mark.parametrize("coherence_uses", [1, 4])
def test_the_first_blocks_do_not_depend_on_how_many_are_drawn(coherence_uses: int, streams: Streams) -> None:
    """So transceivers of different bandwidths meet the same fades."""
    channel = Rayleigh(coherence_uses=coherence_uses)
    short, long = gains(channel, (30, 8), streams), gains(channel, (30, 21), streams)
    np.testing.assert_array_equal(short, long[:, :8])


def test_fades_come_from_the_stream_of_the_channel_and_noise_from_its_own(streams: Streams) -> None:
    other = Streams(streams.seed, 0, 0, {**streams.keys, "noise": streams.keys["noise"] + 1})
    first, second = (Rayleigh().draw((9, 5), tf.constant(0.0), each) for each in (streams, other))
    np.testing.assert_array_equal(first.gain, second.gain)
    nothing = tf.zeros((9, 5), tf.complex64)
    assert (np.asarray(first.carry(nothing)) != np.asarray(second.carry(nothing))).all()


@pytest.mark.parametrize("snr_db", [-20.0, 0.0, 13.0, 60.0])
@pytest.mark.parametrize("channel", [Awgn(), Rayleigh(), Rician()], ids=lambda channel: channel.kind)
def test_noise_has_the_power_that_snr_promises(channel: Channel, snr_db: float, streams: Streams) -> None:
    realisation = channel.draw((2000, 50), tf.constant(snr_db), streams)
    noise = np.asarray(realisation.carry(tf.zeros((2000, 50), tf.complex64)), np.complex128)
    power = linear(-snr_db)
    assert_mean(np.abs(noise) ** 2 / power, 1.0)
    assert float(realisation.noise_power) == pytest.approx(power, rel=1e-5)


def test_noise_is_circular_gaussian_and_white(streams: Streams) -> None:
    noise = np.asarray(Awgn().draw((4000, 20), tf.constant(0.0), streams).carry(tf.zeros((4000, 20), tf.complex64)))
    assert_law(noise.real, "norm", (0.0, math.sqrt(0.5)))
    assert_law(noise.imag, "norm", (0.0, math.sqrt(0.5)))
    for product in (noise.real * noise.imag, (noise[:, 1:] * noise[:, :-1].conj()).real[:, ::2], noise.real):
        assert_mean(product, 0.0)


def test_noise_is_gaussian_in_the_tails_where_low_error_rates_live(streams: Streams) -> None:
    realisation = Awgn().draw((1000, 10_000), tf.constant(0.0), streams)
    noise = np.asarray(realisation.carry(tf.zeros((1000, 10_000), tf.complex64)))
    for deviations in (3.0, 4.0, 4.5):
        beyond = int((noise.real > deviations * math.sqrt(0.5)).sum())
        assert_rate(beyond, noise.size, float(stats.norm.sf(deviations)))
