"""Minimum entropy coupling with a near-exact bottleneck."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Coupling, Masses


class MecBottleneck(CouplingCoder):
    """Near-exact code of the policy or of the belief at the rate, then minimum entropy coupling.

    `action` compresses the policy: its few actions leave a near-exact code with H(T) just below R, which any belief can
    fill; where the belief itself has no more than R, nothing is compressed. `message` compresses the belief. `best`
    does both and keeps the chain of greater information in each step, which takes five times as long.
    """

    kind: Literal["mec_bottleneck"] = "mec_bottleneck"
    cites: ClassVar[tuple[str, ...]] = ("ebrahimi2024",)
    side: Literal["message", "action", "best"] = "action"
    """What is compressed."""

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the code of the action's or the message's side."""
        from semcom.coupling import mecb, through_action_code
        from semcom.coupling.entropy import entropy_of, least_entropy_of
        from semcom.games.coders.through_labels import uncompressed

        if self.side != "action":
            return mecb(belief, policy, rate_bits, self.side)
        if least_entropy_of(belief) > rate_bits or entropy_of(belief) > rate_bits:
            return through_action_code(belief, _action_code(policy.tobytes(), rate_bits))
        return uncompressed(belief, policy)


@lru_cache(maxsize=10_000)
def _action_code(policy: bytes, rate_bits: float) -> Coupling:
    """A policy recurs with its state, and so does its code."""
    import numpy as np

    from semcom.coupling import ebim

    return ebim(np.frombuffer(policy, np.int64), rate_bits)
