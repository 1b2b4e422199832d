"""What becomes of the files that a transceiver sends."""

from typing import ClassVar, Literal

from semcom.metrics.metric import Metric, Sent
from semcom.sources.source import Yields
from semcom_channels.tensors import Tensor


class FileLoss(Metric):
    """Files that did not arrive whole over units: blocks are missing, or the coarsest file did not fit."""

    kind: Literal["file_loss"] = "file_loss"
    counts: ClassVar[Literal["rate", "mean"]] = "rate"
    judges: ClassVar[tuple[Yields, ...]] = ("bits", "images")
    judges_delivery: ClassVar[bool] = True
    label: ClassVar[str] = "Share of files lost"
    better: ClassVar[Literal["high", "low"]] = "low"

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """1 for each file that is not whole, else 0, `[batch]`."""
        return understood.lost


class PayloadRate(Metric):
    """Payload bits sent over channel uses: what the chosen modulation and coding schemes carry, checks not counted."""

    kind: Literal["payload_rate"] = "payload_rate"
    judges: ClassVar[tuple[Yields, ...]] = ("bits", "images")
    judges_delivery: ClassVar[bool] = True
    label: ClassVar[str] = "Payload sent (bits per channel use)"

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """Of each unit, `[batch]`."""
        return understood.bits_per_use


DELIVERY = (FileLoss(), PayloadRate())
"""What the record holds of every transceiver that sends files."""
