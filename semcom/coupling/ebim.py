"""Thin for now."""

from semcom.coupling.coupling import Coupling
from semcom.coupling.ebrahimi2024 import ebrahimi2024
from semcom.coupling.masses import Masses


def code_at_rate(p: Masses, rate: float) -> Coupling:
    """Thin."""
    return ebrahimi2024(p, rate)
