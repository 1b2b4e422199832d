"""Who says it and who understands."""

from semcom.transceivers.bound import Bound
from semcom.transceivers.bourtsoulatze2019 import Bourtsoulatze2019
from semcom.transceivers.coded import Coded
from semcom.transceivers.dct_jscc import DctJscc
from semcom.transceivers.learned import Learned, Training
from semcom.transceivers.separate import Separate
from semcom.transceivers.separate_bound import SeparateBound
from semcom.transceivers.transceiver import Cost, Csi, Delivered, Law, Transceiver, Unit
from semcom.transceivers.uncoded import Uncoded
from semcom.transceivers.vib_classifier import VibClassifier
from semcom.transceivers.xu2021 import Xu2021
from semcom_channels import Family

KINDS = (Uncoded, Coded, Separate, SeparateBound, Bourtsoulatze2019, Xu2021, DctJscc, VibClassifier)
TRANSCEIVERS = Family("semcom.transceivers", KINDS)

__all__ = [
    "KINDS",
    "TRANSCEIVERS",
    "Bound",
    "Bourtsoulatze2019",
    "Coded",
    "Cost",
    "Csi",
    "DctJscc",
    "Delivered",
    "Law",
    "Learned",
    "Separate",
    "SeparateBound",
    "Training",
    "Transceiver",
    "Uncoded",
    "Unit",
    "VibClassifier",
    "Xu2021",
]
