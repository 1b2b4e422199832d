"""Simulated bit error rates against closed forms, and the closed forms against integrals."""

import itertools
import math
from collections.abc import Callable
from functools import reduce

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from near import FALSE_ALARM, assert_block_rate
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_point import LinkPoint
from semcom.tally import Rate
from semcom.transceivers import Uncoded
from semcom_channels import (
    Awgn,
    BinarySymmetric,
    Channel,
    DiscreteMemoryless,
    Erasure,
    Rayleigh,
    Rician,
    Streams,
    closed_form,
    sionna_door,
)
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation
from semcom_channels.units import decibels, linear
from semcom_estimation.receivers import Perfect

MODULATIONS: tuple[Modulation, ...] = ("bpsk", "qpsk", "16qam", "64qam", "256qam")
LOWEST_RATE = 1e-5
PACKET_BITS = 1200  # a multiple of every bits_per_symbol
PACKETS = 1000  # in a chunk
ERRORS = 300  # expected at the least


def measured(modulation: Modulation, channel: Channel, snr_db: float | None, chunks: int, seed: int) -> Rate:
    point = LinkPoint(
        source=RandomBits(packet_bits=PACKET_BITS),
        transceiver=Uncoded(modulation=modulation),
        channel=channel,
        receiver=Perfect(),
        metrics=(BitErrorRate(),),
        batch=PACKETS,
        snr_db=snr_db,
    )
    keys = point.stream_keys()
    tallies = [point.evaluate(Streams(seed, 0, chunk, keys))["ber"] for chunk in range(chunks)]
    rates = [tally for tally in tallies if isinstance(tally, Rate)]
    return reduce(Rate.merge, rates)


def grid(modulation: Modulation, channel: Channel) -> list[float]:
    """SNRs from -6 dB to where the closed form is 1e-5, that one included."""

    def excess(snr_db: float) -> float:
        rate = closed_form.bit_error_rate(modulation, channel, snr_db)
        assert rate is not None
        return rate - LOWEST_RATE

    last = optimize.brentq(excess, -6.0, 90.0)
    return [float(snr_db) for snr_db in np.linspace(-6.0, last, 9)]


@pytest.mark.parametrize("channel", [Awgn(), Rayleigh(coherence_uses=1)], ids=lambda channel: channel.kind)
@pytest.mark.parametrize("modulation", MODULATIONS)
def test_bit_error_rates_are_those_of_the_closed_forms_down_to_1e_5(
    modulation: Modulation, channel: Channel, rng: np.random.Generator
) -> None:
    distances = []
    for snr_db in grid(modulation, channel):
        rate = closed_form.bit_error_rate(modulation, channel, snr_db)
        assert rate is not None
        chunks = math.ceil(ERRORS / rate / PACKET_BITS / PACKETS)
        tally = measured(modulation, channel, snr_db, chunks, int(rng.integers(2**31)))
        distances.append(assert_block_rate(tally, rate))
    together = abs(sum(distances)) / math.sqrt(len(distances))  # a bias that all SNRs share
    assert together < stats.norm.isf(FALSE_ALARM / 2), distances


@pytest.mark.parametrize(
    ("modulation", "channel", "snr_db"),
    [
        ("qpsk", Rician(k_factor_db=5.0, coherence_uses=1), 8.0),
        ("16qam", Rician(k_factor_db=10.0, coherence_uses=7), 12.0),
        ("64qam", Rayleigh(coherence_uses=30), 20.0),
        ("bpsk", Rayleigh(coherence_uses=None), 5.0),
        ("bpsk", BinarySymmetric(flip_probability=0.03), None),
        ("bpsk", Erasure(erasure_probability=0.2), None),
    ],
    ids=lambda value: getattr(value, "kind", str(value)),
)
def test_bit_error_rates_are_those_of_the_closed_forms_whatever_the_coherence(
    modulation: Modulation, channel: Channel, snr_db: float | None, rng: np.random.Generator
) -> None:
    rate = closed_form.bit_error_rate(modulation, channel, snr_db)
    assert rate is not None
    assert_block_rate(measured(modulation, channel, snr_db, 1, int(rng.integers(2**31))), rate)


def regions(modulation: Modulation, snr_db: float) -> float:
    """The bit error rate from the probability of each decision region of Sionna's points, for every symbol sent."""
    bits = BITS_PER_SYMBOL[modulation]
    labels = np.array(list(itertools.product((0.0, 1.0), repeat=bits)), np.float32)
    points = sionna_door.mapper(bits)(labels).numpy()[:, 0].astype(np.complex128)
    chances = np.ones((len(points), len(points)))
    for part in (points.real, points.imag):
        levels = np.unique(np.round(part, 6))
        edges = np.concatenate([[-np.inf], (levels[1:] + levels[:-1]) / 2.0, [np.inf]])
        place = np.abs(part[:, None] - levels).argmin(axis=1)
        scale = math.sqrt(linear(-snr_db) / 2.0)
        low, high = edges[place], edges[place + 1]
        chances *= between((low - part[:, None]) / scale, (high - part[:, None]) / scale)
    wrong = (labels[:, None] != labels).mean(axis=2)
    return float((chances * wrong).sum(axis=1).mean())


def between(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The chance of a standard normal number between two, without cancellation in the upper tail."""
    mirrored = low > 0.0
    low, high = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
    return np.asarray(special.ndtr(high) - special.ndtr(low))


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_closed_forms_equal_the_integrals_over_decision_regions(modulation: Modulation) -> None:
    for snr_db in np.linspace(-20.0, 30.0, 26):
        exact = regions(modulation, float(snr_db))
        if exact > 1e-12:  # the points are float32, which matters in the far tails
            assert closed_form.awgn(modulation, float(snr_db)) == pytest.approx(exact, rel=1e-4)


def rayleigh_law(gain: float) -> float:
    return math.exp(-gain)


def rician_law(k_factor: float) -> Callable[[float], float]:
    def law(gain: float) -> float:
        bessel = 2.0 * math.sqrt(k_factor * (k_factor + 1.0) * gain)
        exponent = bessel - k_factor - (k_factor + 1.0) * gain
        return float((k_factor + 1.0) * math.exp(exponent) * special.i0e(bessel))

    return law


def averaged(modulation: Modulation, snr_db: float, law: Callable[[float], float]) -> float:
    """The AWGN rate averaged over a law of the power gain; the substitution u^4 spreads out the deep fades."""

    def integrand(u: float) -> float:
        gain = u**4
        return closed_form.awgn(modulation, snr_db + decibels(gain)) * law(gain) * 4.0 * u**3

    edges = [1e-12, 0.1, 0.4, 0.7, 1.0, 1.3, 1.6, 2.2, 2.8]
    pieces = [
        integrate.quad(integrand, low, high, epsabs=0.0, epsrel=1e-9, limit=200)[0]
        for low, high in itertools.pairwise(edges)
    ]
    return math.fsum(pieces)


@pytest.mark.parametrize("modulation", MODULATIONS)
@pytest.mark.parametrize("snr_db", [-20.0, 0.0, 15.0, 40.0])
def test_fading_closed_forms_equal_averages_of_awgn_over_the_law_of_the_gain(
    modulation: Modulation, snr_db: float
) -> None:
    assert closed_form.rayleigh(modulation, snr_db) == pytest.approx(
        averaged(modulation, snr_db, rayleigh_law), rel=1e-7
    )
    for k_factor_db in (-10.0, 0.0, 10.0):
        law = rician_law(linear(k_factor_db))
        exact = averaged(modulation, snr_db, law)
        assert closed_form.rician(modulation, snr_db, k_factor_db) == pytest.approx(exact, rel=1e-7)


@pytest.mark.parametrize("modulation", MODULATIONS)
@pytest.mark.parametrize("snr_db", [-60.0, -20.0, 0.0, 8.0])
def test_rician_closed_form_runs_from_rayleigh_to_awgn(modulation: Modulation, snr_db: float) -> None:
    fading, steady = closed_form.rayleigh(modulation, snr_db), closed_form.awgn(modulation, snr_db)
    rates = [closed_form.rician(modulation, snr_db, k_factor_db) for k_factor_db in (-60.0, -10.0, 0.0, 10.0, 60.0)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == pytest.approx(fading, rel=1e-5)
    assert rates[-1] == pytest.approx(steady, rel=1e-3)


def test_what_has_no_closed_form_says_so() -> None:
    assert closed_form.bit_error_rate("qpsk", BinarySymmetric(), None) is None
    assert closed_form.bit_error_rate("bpsk", DiscreteMemoryless(), None) is None
    assert closed_form.bit_error_rate("bpsk", DiscreteMemoryless(), 3.0) is None
    assert closed_form.bit_error_rate("bpsk", Awgn(), None) is None


@pytest.mark.parametrize("bits_per_use", [0.01, 0.5, 1.0, 2.0, 6.0])
def test_the_shannon_limit_of_awgn_is_that_of_its_formula(bits_per_use: float) -> None:
    limit = closed_form.shannon_limit_db(Awgn(), bits_per_use)
    assert limit == pytest.approx(decibels(2.0**bits_per_use - 1.0), abs=1e-8)
    fading = closed_form.shannon_limit_db(Rayleigh(), bits_per_use)
    assert limit is not None
    assert fading is not None
    assert fading > limit


def test_no_snr_reaches_an_impossible_rate() -> None:
    assert closed_form.shannon_limit_db(Awgn(), 40.0) is None
    assert closed_form.shannon_limit_db(BinarySymmetric(), 0.5) is None
