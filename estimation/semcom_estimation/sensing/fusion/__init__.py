"""Fusions: which frequencies of the modes belong together."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.fusion.atom_omp import AtomOmp
from semcom_estimation.sensing.fusion.fusion import Fusion
from semcom_estimation.sensing.fusion.hungarian import Hungarian
from semcom_estimation.sensing.fusion.tensor_ls import TensorLs
from semcom_estimation.sensing.fusion.tensor_omp import TensorOmp

KINDS = (TensorOmp, TensorLs, AtomOmp, Hungarian)
FUSIONS = Family("semcom.fusions", KINDS)

__all__ = ["FUSIONS", "KINDS", "AtomOmp", "Fusion", "Hungarian", "TensorLs", "TensorOmp"]
