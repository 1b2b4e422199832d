"""Actions as bits over a binary symmetric channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom.action_links.link import ActionLink
from semcom_channels import BinarySymmetric

if TYPE_CHECKING:
    import numpy as np


class BinarySymmetricLink(ActionLink):
    """Each of the ceil(log2 count) bits of an action's label flips with probability p.

    P(label seen | action) = p^d (1 - p)^(m - d) at Hamming distance d of m bits. A label that is no action's is decided
    for the nearest action in Hamming distance, the first of equals. [Cover & Thomas 2006, section 7.1.4]
    """

    kind: Literal["bsc"] = "bsc"
    cites: ClassVar[tuple[str, ...]] = ("cover2006",)
    flip_probability: Annotated[float, Field(ge=0.0, le=0.5)] = 0.1
    """p."""
    labelling: Literal["natural", "gray"] = "natural"
    """The bits of an action: those of its number, or Gray labels, of which successive ones differ in one bit."""

    def law(self, count: int) -> np.ndarray:
        """P(action decided | action), `[action, action]`."""
        import numpy as np

        from semcom.action_links.labels import action_bits, decided, word_law, word_numbers

        bits = action_bits(count, self.labelling)
        flips = np.array(BinarySymmetric(flip_probability=self.flip_probability).transition_matrix())
        return decided(word_law(bits, flips), word_numbers(bits, 2))
