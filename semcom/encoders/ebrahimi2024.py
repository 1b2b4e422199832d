"""Entropy-bounded information maximisation as published."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.encoders.encoder import Encoder

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Ebrahimi2024(Encoder):
    """The largest atoms are merged until H(T) <= R. [Ebrahimi et al. 2024, Algorithm 1]"""

    kind: Literal["ebrahimi2024"] = "ebrahimi2024"
    cites: ClassVar[tuple[str, ...]] = ("ebrahimi2024",)

    def encode(self, p: Masses, rate_bits: float) -> Coupling:
        """By Algorithm 1."""
        from semcom.coupling import ebrahimi2024

        return ebrahimi2024(p, rate_bits)
