"""Actions as bits over a binary erasure channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from semcom.action_links.link import ActionLink
from semcom_channels import Erasure
from semcom_channels.channel import Probability

if TYPE_CHECKING:
    import numpy as np


class ErasureLink(ActionLink):
    """Each of the ceil(log2 count) bits of an action's label is lost with probability e.

    Every action whose label agrees with the bits that arrive is as likely as the others that do; no other is possible.
    [Cover & Thomas 2006, section 7.1.5]
    """

    kind: Literal["erasure"] = "erasure"
    cites: ClassVar[tuple[str, ...]] = ("cover2006",)
    erasure_probability: Probability = 0.1
    """e."""
    labelling: Literal["natural", "gray"] = "natural"
    """The bits of an action: those of its number, or Gray labels, of which successive ones differ in one bit."""

    def law(self, count: int) -> np.ndarray:
        """P(seen | action), `[action, 3^bits]`: what is seen are words of 0, 1 and erased, the last bit the fastest."""
        import numpy as np

        from semcom.action_links.labels import action_bits, word_law

        bit_law = np.array(Erasure(erasure_probability=self.erasure_probability).transition_matrix())
        return word_law(action_bits(count, self.labelling), bit_law)

    def receive(self, actions: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
        """1 for actions that agree with the bits that arrive, 0 for others, without the 3^bits words."""
        import numpy as np

        from semcom.action_links.labels import action_bits

        bits = action_bits(count, self.labelling)
        lost = rng.random((len(actions), bits.shape[1])) < self.erasure_probability
        agree = (bits == bits[actions][:, None]) | lost[:, None]
        return np.asarray(agree.all(axis=2), np.float64)

    def information_bits(self, count: int) -> float:
        """I(action; seen) of uniform actions in bits, without the 3^bits words.

        What arrives leaves an action among g that agree with it: I = sum over what is lost P(lost) E[log2 count / g].
        """
        import numpy as np

        from semcom.action_links.labels import action_bits, word_numbers
        from semcom.action_links.link import checked_count

        bits = action_bits(checked_count(count), self.labelling)
        words, width = word_numbers(bits, 2), bits.shape[1]
        told = 0.0
        for kept in range(2**width):
            alike = np.bincount(words & kept)[words & kept]
            lost = width - kept.bit_count()
            chance = self.erasure_probability**lost * (1.0 - self.erasure_probability) ** (width - lost)
            told += chance * float(np.mean(np.log2(count / alike)))
        return told
