"""What every channel is: it draws, a realisation carries, and a receiver makes sense of what arrives."""

from typing import Annotated, ClassVar, Literal, NamedTuple, Protocol

from pydantic import Field

from semcom_channels.spec import Part
from semcom_channels.streams import Streams
from semcom_channels.tensors import Symbols, Tensor

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class Realisation(Protocol):
    """What one draw of a channel does to a batch: a NamedTuple of tensors, so that it enters compiled graphs."""

    @property
    def gain(self) -> Tensor:
        """The gain that perfect channel knowledge knows, broadcastable to `[batch, uses]` complex64."""

    @property
    def noise_power(self) -> Tensor:
        """E|w|^2 per channel use, broadcastable to `[batch, uses]` float32."""

    def carry(self, symbols: Symbols) -> Tensor:
        """What arrives, `[batch, uses]` complex64, when unit-power symbols of that shape are sent."""


class Received(NamedTuple):
    """Equalised symbols and what they are worth."""

    y: Tensor
    """`[batch, uses]` complex64."""
    no: Tensor
    """The noise variance that each symbol sees, `[batch, uses]` float32."""


class Channel(Part):
    """Draws realisations.

    `carries` says what may be sent: any complex "symbols"; "antipodal" ones, which are +1 or -1; or "letters", which
    are integers and meet no transceiver of symbols.
    """

    carries: ClassVar[Literal["symbols", "antipodal", "letters"]] = "symbols"
    has_snr: ClassVar[bool] = True
    """Whether the noise follows the SNR; a discrete channel ignores it."""

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation for `shape = (batch, uses)` at `snr_db` (a scalar tensor; `units.py` defines SNR).

        Fading comes from the stream "channel" and unit noise from "noise". Rows of the batch are independent.
        """
        raise NotImplementedError

    def capacity(self, snr_db: float) -> float:
        """The (ergodic) capacity in bits per channel use, with perfect channel knowledge at the receiver only."""
        raise NotImplementedError
