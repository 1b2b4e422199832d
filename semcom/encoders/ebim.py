"""Entropy-bounded information maximisation, near-exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.encoders.encoder import Encoder

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Ebim(Encoder):
    """Maps near the rate are searched and one letter is split, so that the whole rate is used."""

    kind: Literal["ebim"] = "ebim"
    cites: ClassVar[tuple[str, ...]] = ("ebrahimi2024",)

    def encode(self, p: Masses, rate_bits: float) -> Coupling:
        """By the search."""
        from semcom.coupling import ebim

        return ebim(p, rate_bits)
