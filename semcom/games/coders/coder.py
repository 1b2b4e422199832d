"""What every coder is: it says which action says what."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from semcom_channels import Part

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Coder(Part):
    """Couples the message with the action, so that the action keeps the policy's law and tells of the message."""

    keeps_rate: ClassVar[bool] = True
    """Whether H(T) is at most the rate."""

    @abstractmethod
    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """The chain message - T - action with H(T) <= R whose marginals are belief and policy, exactly.

        `belief` is `[message]`, `policy` `[action]`, int64 masses that sum to 2^50; the rate may be infinite.
        """
