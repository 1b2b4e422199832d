"""The best code of few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.encoders.encoder import Encoder

if TYPE_CHECKING:
    from semcom.coupling import Coupling, Masses


class ExactCode(Encoder):
    """Of all maps of at most 8 letters and of all splits of one letter, the one of most information."""

    kind: Literal["exact"] = "exact"
    most_letters: ClassVar[int] = 8

    def encode(self, p: Masses, rate_bits: float) -> Coupling:
        """By trying all."""
        from semcom.coupling import exact_code

        return exact_code(p, rate_bits)
