"""Coders: which action says what."""

from semcom.games.coders.balanced_cells import BalancedCells
from semcom.games.coders.coder import Coder
from semcom.games.coders.ebrahimi2024 import Ebrahimi2024
from semcom.games.coders.equal_count import EqualCount
from semcom.games.coders.mec_bottleneck import MecBottleneck
from semcom.games.coders.reinforce_bayes import ReinforceBayes
from semcom.games.coders.silent import Silent
from semcom.games.coders.skew import Skew
from semcom.games.coders.sokota2022 import Sokota2022
from semcom.games.coders.uniform_quantiser import UniformQuantiser
from semcom_channels import Family

KINDS = (
    MecBottleneck,
    Ebrahimi2024,
    UniformQuantiser,
    EqualCount,
    BalancedCells,
    Skew,
    Sokota2022,
    ReinforceBayes,
    Silent,
)
CODERS = Family("semcom.coders", KINDS)

__all__ = ["CODERS", "KINDS", "Coder", "MecBottleneck"]
