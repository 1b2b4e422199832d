"""Couplers: how two distributions are joined."""

from semcom.couplers.argmax_loop import ArgmaxLoop
from semcom.couplers.best import Best
from semcom.couplers.closest_match import ClosestMatch
from semcom.couplers.comonotone import Comonotone
from semcom.couplers.coupler import Coupler
from semcom.couplers.exact import Exact
from semcom.couplers.greedy import Greedy
from semcom.couplers.independent import Independent
from semcom_channels import Family

KINDS = (Greedy, ClosestMatch, Best, Exact, Comonotone, Independent, ArgmaxLoop)
COUPLERS = Family("semcom.couplers", KINDS)

__all__ = ["COUPLERS", "KINDS", "Coupler"]
