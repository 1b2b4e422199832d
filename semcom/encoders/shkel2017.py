"""A code of fixed length under logarithmic loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.encoders.encoder import Encoder

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class Shkel2017(Encoder):
    """T is one of floor(2^R) codewords of nearly equal mass. [setting of Shkel, Raginsky, Verdu 2017]"""

    kind: Literal["shkel2017"] = "shkel2017"
    cites: ClassVar[tuple[str, ...]] = ("shkel2017",)

    def encode(self, p: Masses, rate_bits: float) -> Coupling:
        """By filling codewords."""
        from semcom.coupling import shkel2017

        return shkel2017(p, rate_bits)
