"""Metrics of sensing studies."""

from semcom.sensing_metrics.counts import AllDetected, CpuTime, Detection, FalseAlarm, Gospa, RightOrder
from semcom.sensing_metrics.errors import (
    NormalisedAngle,
    NormalisedAzimuth,
    NormalisedDelay,
    NormalisedDeparture,
    NormalisedDoppler,
    NormalisedElevation,
    RmseAngle,
    RmseAzimuth,
    RmseDeparture,
    RmseElevation,
    RmseRange,
    RmseSpeed,
    StatedDeviation,
    cautions_of,
)
from semcom.sensing_metrics.metric import SensingMetric, Trial
from semcom.sensing_metrics.position import RmsePosition
from semcom_channels import Family

KINDS = (
    Detection,
    AllDetected,
    FalseAlarm,
    RightOrder,
    Gospa,
    CpuTime,
    RmseAngle,
    RmseAzimuth,
    RmseElevation,
    RmseDeparture,
    RmseRange,
    RmseSpeed,
    RmsePosition,
    NormalisedAngle,
    NormalisedAzimuth,
    NormalisedElevation,
    NormalisedDeparture,
    NormalisedDelay,
    NormalisedDoppler,
    StatedDeviation,
)
SENSING_METRICS = Family("semcom.sensing_metrics", KINDS)

__all__ = ["KINDS", "SENSING_METRICS", "SensingMetric", "Trial", "cautions_of"]
