"""Uncoded modulation."""

from typing import ClassVar, Literal

from semcom.errors import UserError
from semcom.sources.source import Yields
from semcom.transceivers.transceiver import Cost, Csi, Transceiver, Unit
from semcom_channels import Channel, Received
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation, detect, modulate
from semcom_channels.tensors import Symbols, Tensor


class Uncoded(Transceiver):
    """Gray-labelled BPSK or QAM with maximum-likelihood decisions on symbols. [Proakis & Salehi 2008, section 4.3]

    bits -> QAM -> symbols ... received -> nearest symbols -> bits
    """

    kind: Literal["uncoded"] = "uncoded"
    takes: ClassVar[tuple[Yields, ...]] = ("bits",)
    cites: ClassVar[tuple[str, ...]] = ("cho2002",)
    modulation: Modulation = "qpsk"
    """The constellation."""

    @property
    def antipodal(self) -> bool:
        """BPSK is."""
        return self.modulation == "bpsk"

    def closed_form(self, metric: str, channel: Channel, snr_db: float | None) -> float | None:
        """The bit error rate, where the channel has one in closed form."""
        from semcom_channels.closed_form import bit_error_rate

        return bit_error_rate(self.modulation, channel, snr_db) if metric == "ber" else None

    def cost(self, unit: Unit) -> Cost:
        """A channel use for each `bits_per_symbol` bits."""
        (bits,) = unit
        per_symbol = BITS_PER_SYMBOL[self.modulation]
        if bits % per_symbol:
            raise UserError(
                f"packet_bits is {bits}; {self.modulation} carries {per_symbol} bits a symbol, so give a multiple of it"
            )
        return Cost(bits // per_symbol, bits, 0)

    def encode(self, data: Tensor, csi: Csi) -> Symbols:
        """Symbols for bits `[batch, bits]`."""
        return modulate(data, self.modulation)

    def decode(self, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """Decided bits."""
        return detect(received, self.modulation)
