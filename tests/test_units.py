"""Decibels and the definition of SNR."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semcom_channels import closed_form, units


@given(st.floats(-200.0, 200.0))
def test_decibels_undo_linear(level: float) -> None:
    assert units.decibels(units.linear(level)) == pytest.approx(level, abs=1e-9)


def test_three_decibels_are_about_a_doubling() -> None:
    assert units.linear(10.0 * math.log10(2.0)) == pytest.approx(2.0, rel=1e-15)
    assert units.decibels(0.001) == pytest.approx(-30.0, rel=1e-15)


@given(st.floats(-10.0, 10.0))
def test_bpsk_and_qpsk_have_one_bit_error_rate_at_equal_ebn0(ebn0_db: float) -> None:
    """Both have Q(sqrt(2 Eb/N0))."""
    rate = 0.5 * math.erfc(math.sqrt(units.linear(ebn0_db)))
    assert closed_form.awgn("bpsk", units.snr_db_of_ebn0(ebn0_db, 1.0)) == pytest.approx(rate, rel=1e-9)
    assert closed_form.awgn("qpsk", units.snr_db_of_ebn0(ebn0_db, 2.0)) == pytest.approx(rate, rel=1e-9)
