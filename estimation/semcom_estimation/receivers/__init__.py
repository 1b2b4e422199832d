"""Receivers: what pilots tell of symbols."""

from semcom_channels import Family
from semcom_estimation.receivers.least_squares import LeastSquares
from semcom_estimation.receivers.linear_mmse import LinearMmse
from semcom_estimation.receivers.perfect import Perfect
from semcom_estimation.receivers.receiver import Receiver

KINDS = (Perfect, LeastSquares, LinearMmse)
RECEIVERS = Family("semcom.receivers", KINDS)

__all__ = ["KINDS", "RECEIVERS", "LeastSquares", "LinearMmse", "Perfect", "Receiver"]
