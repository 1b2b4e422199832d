"""What a transceiver with ideal parts would achieve: none of its kind can pass it."""

from semcom.transceivers.transceiver import Csi, Transceiver
from semcom_channels.tensors import Tensor


class Bound(Transceiver):
    """Sends no symbols: it says what would be understood if codes were ideal."""

    def ideal(self, data: Tensor, csi: Csi) -> Tensor:
        """What is understood of a batch, as `decode` returns it."""
        raise NotImplementedError
