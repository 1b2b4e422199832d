"""What a scenario can ask."""

from semcom.studies.bottleneck import BottleneckStudy
from semcom.studies.coupling import CouplingStudy
from semcom.studies.game import GameStudy
from semcom.studies.isac import IsacStudy
from semcom.studies.link import LinkStudy
from semcom.studies.sensing import SensingStudy
from semcom_channels import Family

KINDS = (LinkStudy, SensingStudy, IsacStudy, GameStudy, CouplingStudy, BottleneckStudy)
STUDIES = Family("semcom.studies", KINDS)

__all__ = [
    "KINDS",
    "STUDIES",
    "BottleneckStudy",
    "CouplingStudy",
    "GameStudy",
    "IsacStudy",
    "LinkStudy",
    "SensingStudy",
]
