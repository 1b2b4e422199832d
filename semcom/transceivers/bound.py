"""What a transceiver with ideal parts would achieve: none of its kind can pass it."""

from abc import abstractmethod

from semcom.transceivers.transceiver import Csi, Transceiver
from semcom_channels import Received
from semcom_channels.tensors import Tensor


class Bound(Transceiver):
    """Sends no symbols: it says what would be understood if codes were ideal."""

    def encode(self, data: Tensor, csi: Csi) -> Tensor:
        """Raises TypeError: it sends no symbols."""
        raise TypeError(f"{self.kind} is a bound, which sends no symbols; ask ideal")

    def decode(self, received: Received, csi: Csi, unit: tuple[int, ...]) -> Tensor:
        """Raises TypeError: it receives no symbols."""
        raise TypeError(f"{self.kind} is a bound, which receives no symbols; ask ideal")

    @abstractmethod
    def ideal(self, data: Tensor, csi: Csi) -> Tensor:
        """What is understood of a batch, as `decode` returns it."""
