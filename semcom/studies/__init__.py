"""What a scenario can ask."""

from semcom.studies.isac import IsacStudy
from semcom.studies.link import LinkStudy
from semcom.studies.sensing import SensingStudy
from semcom_channels import Family

KINDS = (LinkStudy, SensingStudy, IsacStudy)
STUDIES = Family("semcom.studies", KINDS)

__all__ = ["KINDS", "STUDIES", "IsacStudy", "LinkStudy", "SensingStudy"]
