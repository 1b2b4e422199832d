"""Coupling without a bottleneck."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Sokota2022(CouplingCoder):
    """MEME: belief and policy in a minimum entropy coupling; it knows no rate limit. [Sokota et al. 2022]

    Where there is one, it shows what the limit costs the others.
    """

    kind: Literal["sokota2022"] = "sokota2022"
    keeps_rate = False
    cites: ClassVar[tuple[str, ...]] = ("sokota2022",)

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """T is the message."""
        from semcom.games.coders.through_labels import uncompressed

        return uncompressed(belief, policy)
