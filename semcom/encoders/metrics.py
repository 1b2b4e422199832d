"""What is measured of a code."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.quantity import Quantity
from semcom_channels import Family

if TYPE_CHECKING:
    from semcom.coupling import Coupling


class BottleneckMetric(Quantity):
    """A number for each source."""

    better: ClassVar[Literal["high", "low"]] = "low"

    @abstractmethod
    def value(self, code: Coupling, rate_bits: float) -> float:
        """Of the code of X (rows) as T (columns) for the rate R."""


class Information(BottleneckMetric):
    """I(X; T)."""

    kind: Literal["information_bits"] = "information_bits"
    better = "high"
    label = "Information I(X; T) (bit)"

    def value(self, code: Coupling, rate_bits: float) -> float:
        """Of the code."""
        return code.information_bits


class Slack(BottleneckMetric):
    """min(R, H(X)) - I(X; T): no code for the rate is better by more."""

    kind: Literal["slack_bits"] = "slack_bits"
    decades = True
    label = "Slack min(R, H(X)) - I(X; T) (bit)"

    def value(self, code: Coupling, rate_bits: float) -> float:
        """Of the code."""
        return max(0.0, min(rate_bits, code.row_entropy_bits) - code.information_bits)


class UsedRateBits(BottleneckMetric):
    """H(T)."""

    kind: Literal["used_rate_bits"] = "used_rate_bits"
    label = "Rate used, H(T) (bit)"

    def value(self, code: Coupling, rate_bits: float) -> float:
        """Of the code."""
        return code.column_entropy_bits


class LogLoss(BottleneckMetric):
    """H(X | T), the distortion under logarithmic loss. [Shkel, Raginsky, Verdu 2017]"""

    kind: Literal["log_loss_bits"] = "log_loss_bits"
    cites = ("shkel2017",)
    label = "Logarithmic loss H(X | T) (bit)"

    def value(self, code: Coupling, rate_bits: float) -> float:
        """Of the code."""
        return code.row_entropy_bits - code.information_bits


class Informative(BottleneckMetric):
    """The share of sources of which something is said, or nothing can be; the others stall."""

    kind: Literal["informative"] = "informative"
    counts = "rate"
    better = "high"
    label = "Share of sources of which something is said"

    def value(self, code: Coupling, rate_bits: float) -> float:
        """One or nought."""
        return float(code.information_bits > 0.0 or min(rate_bits, code.row_entropy_bits) == 0.0)


KINDS = (Information, Slack, UsedRateBits, LogLoss, Informative)
BOTTLENECK_METRICS = Family("semcom.bottleneck_metrics", KINDS)
