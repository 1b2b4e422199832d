"""What every transceiver is: it says and it understands."""

from abc import abstractmethod
from typing import ClassVar, Literal, NamedTuple

from semcom.sources.source import Yields
from semcom_channels import Channel, Part, Received
from semcom_channels.tensors import Symbols, Tensor

Unit = tuple[int, ...]  # the shape of one source unit: (bits,) or (height, width, colours)


class Csi(NamedTuple):
    """What the sender knows of the channel; the receiver knows that it does."""

    snr_db: Tensor
    """The mean SNR in dB, a scalar float32, or None when it knows nothing."""


class Cost(NamedTuple):
    """What one source unit costs on the air, as sent: headers, parity and padding included."""

    channel_uses: int
    """Complex symbols."""
    coded_bits: int | None
    """Bits on the air; None where symbols are not made of bits, or of as many as the SNR allows."""
    side_bits: int
    """Bits that the receiver must know besides, such as a picture's size."""


class Transceiver(Part):
    """Encodes a batch into symbols and decodes what was received.

    batch -> encode -> symbols -> [channel, receiver] -> received -> decode -> batch
    """

    takes: ClassVar[tuple[Yields, ...]]
    """The sources that it can send."""
    delivers: ClassVar[Literal["same", "scores"]] = "same"
    """What `decode` returns: the batch itself, or scores of classes `[batch, classes]`."""
    compiled: ClassVar[bool] = True
    """Whether encode and decode are TensorFlow ops, which run inside the compiled link."""

    @property
    def antipodal(self) -> bool:
        """Whether its symbols are +1 and -1, which binary channels need."""
        return False

    @property
    def needs_snr(self) -> bool:
        """Whether the sender must know the SNR."""
        return False

    def closed_form(self, metric: str, channel: Channel, snr_db: float | None) -> float | None:
        """What theory says of a metric over a channel, where it has a closed form."""
        return None

    def check(self) -> None:
        """Raises UserError for what is missing, such as weights."""

    @abstractmethod
    def cost(self, unit: Unit) -> Cost:
        """What a unit of this shape costs; raises UserError for a unit that cannot be sent."""

    @abstractmethod
    def encode(self, data: Tensor, csi: Csi) -> Symbols:
        """`[batch, channel_uses]` complex64 symbols of unit average power, for data `[batch, *unit]`."""

    @abstractmethod
    def decode(self, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """What is understood, `[batch, *unit]` or scores.

        `csi` is what the sender knew: the choices that follow from it, such as a modulation and coding scheme, are
        signalled to both ends. What the channel did is in `received`.
        """
