"""What every receiver is."""

from semcom_channels import Part, Realisation, Received
from semcom_channels.tensors import Tensor


class Receiver(Part):
    """Turns what the antennas see into equalised symbols."""

    def receive(self, arrived: Tensor, realisation: Realisation) -> Received:
        """Equalised symbols and their noise variance, from what arrived (`[batch, uses]` complex64)."""
        raise NotImplementedError
