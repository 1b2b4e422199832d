"""Who says the message by playing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Sender(Protocol):
    """Acts on the message, in an environment at a rate."""

    actions: int
    """How many there are."""
    most_bits: float
    """What H(T) of no step exceeds; infinite where nothing limits it."""

    def chain(self, belief: Masses, step: int, observation: Any) -> Bottleneck:
        """The chain message - T - action of this step: the same numbers each time it is asked.

        `belief` is `[message]`, of the open block, int64 masses that sum to 2^50; the chain keeps it exactly.
        """
