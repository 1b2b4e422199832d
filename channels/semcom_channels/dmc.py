"""General discrete memoryless channels."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from semcom_channels.channel import Channel, Probability, Realisation
from semcom_channels.information import blahut_arimoto
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor


class DiscreteMemoryless(Channel):
    """Turns an input letter x into an output letter y with probability P(y | x). [Cover & Thomas 2006, section 7.1]"""

    kind: Literal["dmc"] = "dmc"
    cites: ClassVar[tuple[str, ...]] = ("cover2006",)
    carries: ClassVar[Literal["symbols", "antipodal", "letters"]] = "letters"
    has_snr: ClassVar[bool] = False
    transition: tuple[tuple[Probability, ...], ...] = ((0.9, 0.1), (0.1, 0.9))
    """P(y | x): a row for each input letter, each summing to 1."""

    @model_validator(mode="after")
    def _rows_are_distributions(self) -> Self:
        widths = {len(row) for row in self.transition}
        if len(widths) != 1 or 0 in widths:
            raise ValueError(f"transition has rows of lengths {sorted(widths)}; expected one length")
        for index, row in enumerate(self.transition):
            if abs(sum(row) - 1.0) > 1e-6:
                raise ValueError(f"row {index} of transition sums to {sum(row):.6g}; expected 1")
        return self

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation that carries int32 letters `[batch, uses]`."""
        from semcom_channels import sionna_door
        from semcom_channels.letters import LetterRealisation

        uniform = sionna_door.uniforms(streams.number("noise"), shape)
        return LetterRealisation.of(self.transition, uniform)

    def transition_matrix(self) -> tuple[tuple[float, ...], ...]:
        """P(output | input), a row for each input letter."""
        return self.transition

    def capacity(self, snr_db: float) -> float:
        """Max I(X; Y) over input laws, by the Blahut-Arimoto algorithm, in bits per channel use."""
        return blahut_arimoto(self.transition)
