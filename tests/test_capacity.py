"""Capacities against closed forms and integrals."""

import itertools
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import integrate, special

from semcom_channels import Awgn, BinarySymmetric, DiscreteMemoryless, Erasure, Rayleigh, Rician
from semcom_channels.information import binary_entropy, blahut_arimoto
from semcom_channels.units import linear

snrs_db = st.floats(-60.0, 100.0)
probabilities = st.floats(0.0, 1.0)


@given(snrs_db)
def test_awgn_has_the_capacity_of_shannon(snr_db: float) -> None:
    assert Awgn().capacity(snr_db) == pytest.approx(math.log1p(linear(snr_db)) / math.log(2.0), rel=1e-9)


def averaged(snr: float, k_factor: float) -> float:
    """E log2(1 + |h|^2 SNR) over the density of the power gain, piece by piece around its mean."""

    def integrand(gain: float) -> float:
        bessel = 2.0 * math.sqrt(k_factor * (k_factor + 1.0) * gain)
        exponent = bessel - k_factor - (k_factor + 1.0) * gain
        density = (k_factor + 1.0) * math.exp(exponent) * special.i0e(bessel)
        return float(math.log1p(gain * snr) / math.log(2.0) * density)

    width = 12.0 / math.sqrt(k_factor + 1.0)
    edges = [0.0, 1e-6, 1e-3, max(1.0 - width, 0.01), 1.0, 1.0 + width, 2.0 + 2.0 * width, 50.0]
    pieces = (
        integrate.quad(integrand, low, high, epsabs=0.0, epsrel=1e-10, limit=300)[0]
        for low, high in itertools.pairwise(edges)
        if high > low
    )
    return math.fsum(pieces)


@pytest.mark.parametrize("snr_db", [-60.0, -28.0, -27.0, -26.9, -10.0, 0.0, 20.0, 60.0, 100.0])
def test_rayleigh_capacity_is_the_average_over_the_exponential_law(snr_db: float) -> None:
    assert Rayleigh().capacity(snr_db) == pytest.approx(averaged(linear(snr_db), 0.0), rel=1e-8)


@pytest.mark.parametrize("snr_db", [-20.0, 0.0, 20.0, 60.0])
@pytest.mark.parametrize("k_factor_db", [-20.0, 0.0, 10.0, 20.0])
def test_rician_capacity_is_the_average_over_its_law(k_factor_db: float, snr_db: float) -> None:
    exact = averaged(linear(snr_db), linear(k_factor_db))
    assert Rician(k_factor_db=k_factor_db).capacity(snr_db) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("snr_db", [-60.0, -20.0, 0.0, 20.0, 100.0])
def test_rician_capacity_runs_from_rayleigh_to_awgn(snr_db: float) -> None:
    capacities = [Rician(k_factor_db=k).capacity(snr_db) for k in (-60.0, -10.0, 0.0, 10.0, 60.0)]
    assert capacities == sorted(capacities)
    assert capacities[0] == pytest.approx(Rayleigh().capacity(snr_db), rel=1e-5)
    assert capacities[-1] == pytest.approx(Awgn().capacity(snr_db), rel=1e-5)


@given(st.floats(-20.0, 40.0))
def test_fading_costs_capacity(snr_db: float) -> None:
    assert Rayleigh().capacity(snr_db) < Awgn().capacity(snr_db)


@given(st.floats(0.0, 0.5))
def test_a_binary_symmetric_channel_has_one_minus_the_entropy_of_its_flips(p: float) -> None:
    channel = BinarySymmetric(flip_probability=p)
    assert channel.capacity(0.0) == pytest.approx(1.0 - binary_entropy(p))
    assert blahut_arimoto(channel.transition_matrix()) == pytest.approx(channel.capacity(0.0), abs=2e-9)


@given(probabilities)
@example(5e-324)  # half of it is nought
def test_an_erasure_channel_loses_what_it_erases(e: float) -> None:
    channel = Erasure(erasure_probability=e)
    assert channel.capacity(0.0) == pytest.approx(1.0 - e)
    assert blahut_arimoto(channel.transition_matrix()) == pytest.approx(1.0 - e, abs=2e-9)


@given(st.floats(0.0, 0.95))
def test_the_z_channel_has_its_known_capacity(p: float) -> None:
    """log2(1 + (1 - p) p^(p / (1 - p))). [Tallini, Al-Bassam, Bose 2002]"""
    known = math.log2(1.0 + (1.0 - p) * p ** (p / (1.0 - p)))
    channel = DiscreteMemoryless(transition=((1.0, 0.0), (p, 1.0 - p)))
    assert channel.capacity(0.0) == pytest.approx(known, abs=2e-9)


@pytest.mark.parametrize("letters", [2, 3, 8])
def test_symmetric_letters_have_the_log_of_their_number_less_the_entropy_of_a_row(letters: int) -> None:
    chance = 0.1 / (letters - 1)
    matrix = tuple(tuple(0.9 if x == y else chance for y in range(letters)) for x in range(letters))
    entropy = binary_entropy(0.1) + 0.1 * math.log2(letters - 1)
    assert DiscreteMemoryless(transition=matrix).capacity(0.0) == pytest.approx(math.log2(letters) - entropy, abs=2e-9)


def test_letters_that_all_look_alike_carry_nothing() -> None:
    assert DiscreteMemoryless(transition=((0.3, 0.7), (0.3, 0.7))).capacity(0.0) == 0.0


def test_blahut_arimoto_says_when_it_did_not_arrive() -> None:
    with pytest.raises(ArithmeticError, match="Blahut-Arimoto did not reach 1e-09 bit in 1 steps"):
        blahut_arimoto(((1.0, 0.0), (0.5, 0.5)), most_steps=1)


@given(probabilities)
def test_binary_entropy_is_symmetric_and_at_most_one(p: float) -> None:
    assert 0.0 <= binary_entropy(p) <= 1.0 + 1e-15
    assert binary_entropy(p) == pytest.approx(binary_entropy(1.0 - p), abs=1e-12)
