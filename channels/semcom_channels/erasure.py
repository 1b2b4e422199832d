"""The binary erasure channel."""

from typing import ClassVar, Literal

from semcom_channels.channel import Channel, Probability, Realisation
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor


class Erasure(Channel):
    """Erases each symbol (it arrives as 0) with a given probability. [Cover & Thomas 2006, section 7.1.5]"""

    kind: Literal["erasure"] = "erasure"
    cites: ClassVar[tuple[str, ...]] = ("cover2006",)
    carries: ClassVar[Literal["symbols", "antipodal", "letters"]] = "antipodal"
    has_snr: ClassVar[bool] = False
    erasure_probability: Probability = 0.1
    """The chance that a symbol is lost."""

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation of independent erasures."""
        from semcom_channels import sionna_door
        from semcom_channels.binary import SURE_LLR, binary

        lost = sionna_door.erasures(streams.number("noise"), shape, self.erasure_probability)
        return binary(1.0 - lost, SURE_LLR)

    def transition_matrix(self) -> tuple[tuple[float, ...], ...]:
        """P(output | input), a row for each input letter 0 and 1; the outputs are 0, 1 and erased."""
        e = self.erasure_probability
        return ((1.0 - e, 0.0, e), (0.0, 1.0 - e, e))

    def capacity(self, snr_db: float) -> float:
        """1 minus the erasure probability, in bits per channel use."""
        return 1.0 - self.erasure_probability
