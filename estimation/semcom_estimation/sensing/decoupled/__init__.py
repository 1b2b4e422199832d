"""Decoupled estimators: one mode at a time."""

from semcom_channels.spec import Family
from semcom_estimation.sensing.decoupled.decoupled import Decoupled
from semcom_estimation.sensing.decoupled.esprit import Esprit
from semcom_estimation.sensing.decoupled.fista import Fista
from semcom_estimation.sensing.decoupled.matrix_pencil import MatrixPencil
from semcom_estimation.sensing.decoupled.music import Music
from semcom_estimation.sensing.decoupled.omp import Omp
from semcom_estimation.sensing.decoupled.root_music import RootMusic

KINDS = (RootMusic, Music, Esprit, MatrixPencil, Omp, Fista)
DECOUPLED = Family("semcom.decoupled", KINDS)

__all__ = ["DECOUPLED", "KINDS", "Decoupled", "Esprit", "Fista", "MatrixPencil", "Music", "Omp", "RootMusic"]
