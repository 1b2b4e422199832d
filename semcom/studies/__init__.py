"""What a scenario can ask."""

from semcom.studies.link import LinkStudy
from semcom_channels import Family

KINDS = (LinkStudy,)
STUDIES = Family("semcom.studies", KINDS)

__all__ = ["KINDS", "STUDIES", "LinkStudy"]
