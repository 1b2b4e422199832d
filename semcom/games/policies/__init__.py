"""Policies: how the game is played, whatever is said."""

from semcom.games.policies.max_ent import MaxEnt
from semcom.games.policies.policy import Player, Policy
from semcom_channels import Family

KINDS = (MaxEnt,)
POLICIES = Family("semcom.policies", KINDS)

__all__ = ["KINDS", "POLICIES", "MaxEnt", "Player", "Policy"]
