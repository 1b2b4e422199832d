"""The decoders of the 5G LDPC code that a scenario can name."""

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom_channels.spec import Family, Part
from semcom_channels.tensors import Bits, Llrs

if TYPE_CHECKING:
    from semcom_channels.ldpc_rate_matching import RateMatching

Iterations = Annotated[int, Field(ge=1, le=200)]


class Decoder(Part):
    """What decides about the information bits of a 5G LDPC word."""

    @abstractmethod
    def decode(self, llrs: Llrs, matching: "RateMatching") -> Bits:
        """Decided information bits `[batch, information_bits]` from `matching.combined`, `[batch, once]`."""


class LayeredMinStar(Decoder):
    """Min-sum with a correction that depends on the bits (A-min*), layer by layer. [Hocevar 2004; Jones et al. 2003]

    A layer hears at once what the layer before has said, so about half as many iterations do as in a flooding
    schedule. Plain min-sum, scaled or offset, loses half a dB at rate 1/5; the correction makes it good.
    """

    kind: Literal["layered_min_star"] = "layered_min_star"
    cites: ClassVar[tuple[str, ...]] = ("hocevar2004", "jones2003")
    iterations: Iterations = 20
    """Iterations at most."""
    early_stop: bool = True
    """Whether a word is done as soon as all checks hold."""

    def decode(self, llrs: Llrs, matching: "RateMatching") -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        from semcom_channels import layered

        return layered.decode(llrs, matching, self.iterations, self.early_stop)


class Boxplus(Decoder):
    """Sionna's belief propagation in a flooding schedule: the sum-product algorithm. [Gallager 1963]"""

    kind: Literal["boxplus"] = "boxplus"
    cites: ClassVar[tuple[str, ...]] = ("gallager1963",)
    iterations: Iterations = 20
    """Iterations, always all of them."""

    def decode(self, llrs: Llrs, matching: "RateMatching") -> Bits:
        """Decided information bits, `[batch, information_bits]`."""
        from semcom_channels import sionna_door
        from semcom_channels.backend import tf

        heard = matching.heard()[: matching.reached]
        ends = tf.tile([[0.0, -math.inf]], [tf.shape(llrs)[0], 1])  # what is heard of unsent bits and of fillers
        words = tf.gather(tf.concat([llrs, ends], axis=1), heard, axis=1)
        decided: Any = sionna_door.ldpc_decoder(matching.mother, matching.reached, self.iterations)(words)
        return decided[:, : matching.information_bits]


KINDS = (LayeredMinStar, Boxplus)
DECODERS = Family("semcom.ldpc_decoders", KINDS)
