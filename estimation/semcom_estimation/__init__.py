"""Inference: what pilots and echoes tell."""

from semcom_channels import Family
from semcom_estimation.least_squares import LeastSquares
from semcom_estimation.linear_mmse import LinearMmse
from semcom_estimation.perfect import Perfect
from semcom_estimation.receiver import Receiver

KINDS = (Perfect, LeastSquares, LinearMmse)
RECEIVERS = Family("semcom.receivers", KINDS)

__all__ = ["KINDS", "RECEIVERS", "LeastSquares", "LinearMmse", "Perfect", "Receiver"]
