"""Sensing: what echoes tell of targets."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.cpd_als import CpdAls
from semcom_estimation.sensing.cramer_rao import CramerRao
from semcom_estimation.sensing.estimator import Estimator, SensingEstimator
from semcom_estimation.sensing.grid_omp import GridOmp
from semcom_estimation.sensing.nomp import Nomp
from semcom_estimation.sensing.plain import Plain
from semcom_estimation.sensing.sage import Sage
from semcom_estimation.sensing.sequential import Sequential
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.tahir2025 import Tahir2025
from semcom_estimation.sensing.targets import Targets
from semcom_estimation.sensing.tensor_esprit import TensorEsprit

KINDS = (Plain, Tahir2025, Nomp, Sage, GridOmp, Sequential, TensorEsprit, CpdAls, CramerRao)
ESTIMATORS = Family("semcom.estimators", KINDS)

__all__ = [
    "ESTIMATORS",
    "KINDS",
    "CramerRao",
    "Estimator",
    "Plain",
    "SensingEstimator",
    "SignalModel",
    "Tahir2025",
    "Targets",
]
