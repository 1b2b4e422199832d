"""What every channel is: it draws, a realisation carries, and a receiver makes sense of what arrives."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple, Protocol

from pydantic import Field

from semcom_channels.spec import Part
from semcom_channels.streams import Streams
from semcom_channels.tensors import Symbols, Tensor

if TYPE_CHECKING:
    from semcom_channels.layout import Layout

Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class Realisation(Protocol):
    """What one draw of a channel does to a batch: a NamedTuple of tensors, so that it enters compiled graphs."""

    @property
    def gain(self) -> Tensor:
        """The gain that perfect channel knowledge knows.

        Broadcastable to `[batch, uses]` complex64, or of each resource element where there is a grid.
        """

    @property
    def noise_power(self) -> Tensor:
        """E|w|^2 per channel use and antenna, broadcastable to `[batch, uses]` float32 or a scalar."""

    def carry(self, symbols: Symbols) -> Tensor:
        """What arrives when unit-power symbols `[batch, uses]` are sent: of the same shape, or slots of a grid."""


class Joint(NamedTuple):
    """What a detector of all streams at once needs, with noise of covariance I: y = H x + w."""

    y: Tensor
    """`[batch * slots, data element, rx]` complex64."""
    h: Tensor
    """`[batch * slots, data element, rx, stream]` complex64."""
    paths: int
    """Paths that a K-best detector keeps."""
    layout: "Layout"
    """Where the symbols of a unit are."""


class Received(NamedTuple):
    """Equalised symbols and what they are worth."""

    y: Tensor
    """`[batch, uses]` complex64."""
    no: Tensor
    """The noise variance that each symbol sees, `[batch, uses]` float32."""
    joint: Joint | None = None
    """For digital symbols of several streams: what joint detection makes better decisions from than from y and no."""


class Channel(Part):
    """Draws realisations.

    `carries` says what may be sent: any complex "symbols"; "antipodal" ones, which are +1 or -1; or "letters", which
    are integers and meet no transceiver of symbols.
    """

    carries: ClassVar[Literal["symbols", "antipodal", "letters"]] = "symbols"
    has_snr: ClassVar[bool] = True
    """Whether the noise follows the SNR; a discrete channel ignores it."""

    @property
    def points_beams(self) -> bool:
        """Whether the sender points its streams, so that they gain power which the SNR leaves out."""
        return False

    @property
    def implies_snr(self) -> bool:
        """Whether the SNR follows from the channel itself, through a link budget."""
        return False

    def implied_snr_db(self) -> float:
        """The SNR in dB that follows from the channel itself."""
        raise ValueError(f"{self.kind} implies no SNR")

    @abstractmethod
    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation for `shape = (batch, uses)` at `snr_db` (a scalar tensor; `units.py` defines SNR).

        Fading comes from the stream "channel" and unit noise from "noise". Rows of the batch are independent.
        """

    def fading(self) -> object:
        """What its fades depend on, as plain values; what only decides the SNR is left out."""
        return self.plain()

    def check(self) -> str | None:
        """What is wrong with it, or with files that it reads, in words; None when nothing is."""
        return None

    def cautions(self) -> tuple[str, ...]:
        """What a reader of its results should know, such as paths beyond the cyclic prefix; the record keeps it."""
        return ()

    def air_uses(self, uses: int) -> int:
        """Channel uses on the air for a unit of `uses` symbols: pilots and what a slot leaves empty count."""
        return uses

    @abstractmethod
    def capacity(self, snr_db: float) -> float:
        """The (ergodic) capacity in bits per channel use, with perfect channel knowledge at the receiver only."""
