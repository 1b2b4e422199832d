"""The bottleneck as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.games.coders.coupling_coder import CouplingCoder

if TYPE_CHECKING:
    from semcom.coupling import Bottleneck, Masses


class Ebrahimi2024(CouplingCoder):
    """The belief compressed by merging its largest atoms until H(T) <= R, then coupled. [Ebrahimi et al. 2024, alg. 1]

    It freezes where R is below what two atoms hold, such as R < 1 and two equally likely messages.
    """

    kind: Literal["ebrahimi2024"] = "ebrahimi2024"
    cites: ClassVar[tuple[str, ...]] = ("ebrahimi2024",)

    def chain(self, belief: Masses, policy: Masses, rate_bits: float) -> Bottleneck:
        """By the merged atoms."""
        from semcom.coupling import ebrahimi2024, through_message_code

        return through_message_code(ebrahimi2024(belief, rate_bits), policy)
