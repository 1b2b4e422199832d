"""Noisy channels between the action of a game's sender and what the receiver sees of it."""

from semcom.action_links.bsc import BinarySymmetricLink
from semcom.action_links.erasure import ErasureLink
from semcom.action_links.flip import FlipLink
from semcom.action_links.link import ActionLink
from semcom.action_links.modulated import ModulatedLink
from semcom.action_links.noiseless import NoiselessLink
from semcom_channels import Family

KINDS = (NoiselessLink, FlipLink, BinarySymmetricLink, ErasureLink, ModulatedLink)
ACTION_LINKS = Family("semcom.action_links", KINDS)

__all__ = [
    "ACTION_LINKS",
    "KINDS",
    "ActionLink",
    "BinarySymmetricLink",
    "ErasureLink",
    "FlipLink",
    "ModulatedLink",
    "NoiselessLink",
]
