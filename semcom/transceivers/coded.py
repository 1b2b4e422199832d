"""Coded modulation."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom.errors import UserError
from semcom.sources.source import Yields
from semcom.transceivers.transceiver import Cost, Csi, Transceiver, Unit
from semcom_channels import Received
from semcom_channels.codes import CODES, Code, Ldpc
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation, demodulate, modulate
from semcom_channels.tensors import Symbols, Tensor

MOST_BITS = 2.0**50  # beyond any memory


class Coded(Transceiver):
    """A 5G code and QAM: each packet is one code block. [Caire, Taricco, Biglieri 1998]

    bits -> LDPC or Polar -> QAM -> symbols ... received -> log-likelihood ratios -> decoder -> bits
    """

    kind: Literal["coded"] = "coded"
    cites: ClassVar[tuple[str, ...]] = ("caire1998",)
    takes: ClassVar[tuple[Yields, ...]] = ("bits",)
    code: Annotated[Code, CODES] = Ldpc()
    """The code."""
    code_rate: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.5
    """Information bits per coded bit; coded bits are rounded to whole symbols."""
    modulation: Modulation = "qpsk"
    """The constellation."""

    @property
    def antipodal(self) -> bool:
        """With BPSK it is."""
        return self.modulation == "bpsk"

    def coded_bits(self, information_bits: int) -> int:
        """The length of a code block; raises UserError where there is no such code."""
        per_symbol = BITS_PER_SYMBOL[self.modulation]
        if information_bits / self.code_rate > MOST_BITS:
            raise UserError(f"packet_bits {information_bits} at code_rate {self.code_rate}: more than 2^50 coded bits")
        coded = max(round(information_bits / self.code_rate / per_symbol), 1) * per_symbol
        complaint = self.code.check(information_bits, coded)
        if complaint is not None:
            raise UserError(f"packet_bits {information_bits} at code_rate {self.code_rate}: {complaint}")
        return coded

    def cost(self, unit: Unit) -> Cost:
        """The symbols of one code block."""
        coded = self.coded_bits(unit[0])
        return Cost(coded // BITS_PER_SYMBOL[self.modulation], coded, 0)

    def encode(self, data: Tensor, csi: Csi) -> Symbols:
        """Symbols for bits `[batch, bits]`."""
        per_symbol = BITS_PER_SYMBOL[self.modulation]
        coded = self.code.encode(data, self.coded_bits(int(data.shape[-1])), per_symbol)
        return modulate(coded, self.modulation)

    def decode(self, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """Decoded bits."""
        llrs = demodulate(received, self.modulation)
        return self.code.decode(llrs, unit[0], BITS_PER_SYMBOL[self.modulation])
