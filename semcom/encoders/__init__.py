"""Encoders: what becomes of a letter before a bottleneck."""

from semcom.encoders.ebim import Ebim
from semcom.encoders.ebrahimi2024 import Ebrahimi2024
from semcom.encoders.encoder import Encoder
from semcom.encoders.exact import ExactCode
from semcom.encoders.shkel2017 import Shkel2017
from semcom_channels import Family

KINDS = (Ebim, Ebrahimi2024, Shkel2017, ExactCode)
ENCODERS = Family("semcom.encoders", KINDS)

__all__ = ["ENCODERS", "KINDS", "Encoder"]
