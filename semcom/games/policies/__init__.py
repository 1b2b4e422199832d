"""Policies: how the game is played, whatever is said."""

from semcom.games.policies.callable_policy import CallablePolicy
from semcom.games.policies.max_ent import MaxEnt
from semcom.games.policies.policy import Player, Policy
from semcom.games.policies.soft_q import SoftQ
from semcom_channels import Family

KINDS = (MaxEnt, SoftQ, CallablePolicy)
POLICIES = Family("semcom.policies", KINDS)

__all__ = ["KINDS", "POLICIES", "CallablePolicy", "MaxEnt", "Player", "Policy", "SoftQ"]
