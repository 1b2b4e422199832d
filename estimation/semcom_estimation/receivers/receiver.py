"""What every receiver is."""

from abc import abstractmethod
from typing import Any

from semcom_channels import Channel, Part, Realisation, Received
from semcom_channels.tensors import Tensor


class Receiver(Part):
    """Turns what the antennas see into equalised symbols."""

    def check(self, channel: Channel) -> str | None:
        """What is wrong with this receiver behind that channel, in words; None when it fits."""
        return None

    def knowledge(self, channel: Channel) -> Any:
        """What it knows of the channel's law, as tensors, worked out outside graphs; () when nothing.

        `receive` takes it, so that one graph serves channels of all laws.
        """
        return ()

    def cautions(self, channel: Channel, snr_db: float) -> tuple[str, ...]:
        """What a reader of results behind that channel should know, in words; the record keeps it."""
        return ()

    @abstractmethod
    def receive(self, arrived: Tensor, realisation: Realisation, knowledge: Any = ()) -> Received:
        """Equalised symbols and their noise variance, both `[batch, uses]`, from what the realisation carried."""
