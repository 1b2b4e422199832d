"""The Cramer-Rao bound in the place of an estimator."""

from __future__ import annotations

from typing import Literal

from semcom_estimation.sensing.estimator import SensingEstimator


class CramerRao(SensingEstimator):
    """Detects every target with the errors of the joint deterministic Cramer-Rao bound. [Stoica & Nehorai 1989]"""

    kind: Literal["cramer_rao"] = "cramer_rao"
