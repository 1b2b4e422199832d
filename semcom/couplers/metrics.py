"""What is measured of a coupling."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.quantity import Quantity
from semcom_channels import Family

if TYPE_CHECKING:
    from semcom.couplers.coupled import Coupled


class CouplingMetric(Quantity):
    """A number for each pair of marginals."""

    better: ClassVar[Literal["high", "low"]] = "low"
    needs_exact: ClassVar[bool] = False
    """Whether the exact coupling is searched for."""

    @abstractmethod
    def value(self, coupled: Coupled) -> float:
        """Of the pair."""


class JointEntropy(CouplingMetric):
    """H(X, Y)."""

    kind: Literal["joint_entropy_bits"] = "joint_entropy_bits"
    label = "Joint entropy (bit)"

    def value(self, coupled: Coupled) -> float:
        """Of the coupling."""
        return coupled.coupling.entropy_bits


class Gap(CouplingMetric):
    """H(X, Y) above its best lower bound: no coupling of the pair is better by more."""

    kind: Literal["gap_bits"] = "gap_bits"
    cites = ("cicalese2019", "compton2023")
    decades = True
    label = "Entropy above the best lower bound (bit)"

    def value(self, coupled: Coupled) -> float:
        """Of the coupling."""
        return coupled.coupling.gap_bits


class Excess(CouplingMetric):
    """H(X, Y) above the least of all couplings, of at most 6 letters each."""

    kind: Literal["excess_bits"] = "excess_bits"
    cites = ("compton2023",)
    needs_exact = True
    label = "Entropy above the exact coupling (bit)"

    def value(self, coupled: Coupled) -> float:
        """Of the coupling."""
        return max(0.0, coupled.coupling.entropy_bits - coupled.least_bits)


class CpuSeconds(CouplingMetric):
    """Processor time of a coupling of given masses; unlike other metrics it differs from run to run."""

    kind: Literal["cpu_s"] = "cpu_s"
    decades = True
    label = "Processor time of a coupling (s)"

    def value(self, coupled: Coupled) -> float:
        """Of the call."""
        return coupled.seconds


KINDS = (JointEntropy, Gap, Excess, CpuSeconds)
COUPLING_METRICS = Family("semcom.coupling_metrics", KINDS)
