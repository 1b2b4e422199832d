"""Coders that couple the message with the action."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from semcom.games.coders.coder import Coder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses
    from semcom.games.environment import Setting
    from semcom.games.policies.policy import Player
    from semcom.games.sender import Sender


class CouplingCoder(Coder):
    """Couples the message with the action, so that the action keeps the policy's law and tells of the message."""

    @abstractmethod
    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """The chain message - T - action with H(T) <= R whose marginals are belief and policy, exactly.

        `belief` is `[message]`, `policy` `[action]`, int64 masses that sum to 2^50; the rate may be infinite.
        """

    def sender(self, setting: Setting, player: Player, rate_bits: float) -> Sender:
        """It keeps the player's policy."""
        from math import inf

        from semcom.games.coupling_sender import CouplingSender

        return CouplingSender(self.chain, player, rate_bits, rate_bits if self.keeps_rate else inf)
