"""What every transceiver is: it says and it understands."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal, NamedTuple

from semcom.sources.source import Yields
from semcom_channels import Awgn, Channel, Part, Received
from semcom_channels.tensors import Symbols, Tensor
from semcom_estimation.receivers import Perfect, Receiver

Unit = tuple[int, ...]  # the shape of one source unit: (bits,) or (height, width, colours)


class Law(NamedTuple):
    """How a link behaves in the long run: what a sender can know of it without any feedback."""

    channel: Channel = Awgn()
    receiver: Receiver = Perfect()
    uses: int = 0
    """Channel uses of the longest unit that is sent; shorter ones meet the first of the same realisations."""


class Csi(NamedTuple):
    """What the sender knows of the channel; the receiver knows that it does."""

    snr_db: Tensor
    """The mean SNR in dB, a scalar float32, or None when it knows nothing."""
    law: Law = Law()
    """How it varies around that mean."""
    noise: Tensor = None
    """The noise variance that each symbol of these units will see, `[batch, uses]` float32, by perfect feedback without
    delay; None where there is none."""


class Delivered(NamedTuple):
    """What arrives of a batch of files."""

    data: Tensor
    """What a user sees of it, `[batch, *unit]`."""
    lost: Tensor
    """1 for each unit whose file did not arrive whole, else 0, `[batch]` float32."""
    bits_per_use: Tensor
    """Payload bits sent over channel uses, `[batch]` float32."""


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
    sends_files: ClassVar[bool] = False
    """Whether what it sends is lost unless it arrives without errors; then it has `deliver` too."""

    @property
    def antipodal(self) -> bool:
        """Whether its symbols are +1 and -1, which binary channels need."""
        return False

    @property
    def needs_snr(self) -> bool:
        """Whether the sender must know the SNR."""
        return False

    @property
    def needs_feedback(self) -> bool:
        """Whether the sender must know what noise each symbol will see."""
        return False

    def closed_form(self, metric: str, channel: Channel, snr_db: float | None) -> float | None:
        """What theory says of a metric over a channel, where it has a closed form."""
        return None

    def check(self) -> None:
        """Raises UserError for what is missing, such as weights."""

    def cautions(self) -> tuple[str, ...]:
        """What a reader of its results should know, in words; the record keeps it."""
        return ()

    def conventions(self) -> Mapping[str, str]:
        """How it chose what it did, in words; the record keeps them."""
        return {}

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

    def deliver(self, received: Received, csi: Csi, unit: Unit) -> Delivered:
        """What is understood, and what of its files arrived; of transceivers that send files."""
        raise NotImplementedError(f"{self.kind} sends no files")
