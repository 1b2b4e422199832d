"""The binary symmetric channel."""

import math
from typing import Annotated, ClassVar, Literal

import pydantic

from semcom_channels.channel import Channel, Realisation
from semcom_channels.information import binary_entropy
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor


class BinarySymmetric(Channel):
    """Flips each symbol's sign with probability p. [Cover & Thomas 2006, section 7.1.4]"""

    kind: Literal["bsc"] = "bsc"
    cites: ClassVar[tuple[str, ...]] = ("cover2006",)
    carries: ClassVar[Literal["symbols", "antipodal", "letters"]] = "antipodal"
    has_snr: ClassVar[bool] = False
    flip_probability: Annotated[float, pydantic.Field(ge=0.0, le=0.5)] = 0.1
    """p."""

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation of independent flips."""
        from semcom_channels import sionna_door
        from semcom_channels.binary import SURE_LLR, binary

        p = self.flip_probability
        flips = sionna_door.flips(streams.number("noise"), shape, p)
        return binary(1.0 - 2.0 * flips, math.log((1.0 - p) / p) if p > 0.0 else SURE_LLR)

    def transition_matrix(self) -> tuple[tuple[float, ...], ...]:
        """P(output | input), a row for each input letter 0 and 1."""
        p = self.flip_probability
        return ((1.0 - p, p), (p, 1.0 - p))

    def capacity(self, snr_db: float) -> float:
        """1 - h(p) bits per channel use."""
        return 1.0 - binary_entropy(self.flip_probability)
