"""Inference: what pilots and echoes tell."""

from semcom_channels import Family
from semcom_estimation.perfect import Perfect
from semcom_estimation.receiver import Receiver

KINDS = (Perfect,)
RECEIVERS = Family("semcom.receivers", KINDS)

__all__ = ["KINDS", "RECEIVERS", "Perfect", "Receiver"]
