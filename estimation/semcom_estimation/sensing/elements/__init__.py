"""From received and sent grids to the tensor that estimators take."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.elements.division import Division
from semcom_estimation.sensing.elements.element import Element, Measured
from semcom_estimation.sensing.elements.matched_filter import MatchedFilter
from semcom_estimation.sensing.elements.weighting import Weighting

KINDS = (Division, MatchedFilter, Weighting)
ELEMENTS = Family("semcom.elements", KINDS)

__all__ = ["ELEMENTS", "KINDS", "Division", "Element", "MatchedFilter", "Measured", "Weighting"]
