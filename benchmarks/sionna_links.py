"""Links as Sionna's tutorials write them, for `sim_ber`."""

from typing import Any

from semcom_channels.backend import tf  # first: it silences what Sionna's import prints

from sionna.phy import Block  # isort: skip
from sionna.phy.channel import AWGN
from sionna.phy.mapping import BinarySource, Demapper, Mapper
from sionna.phy.utils import ebnodb2no

__all__ = ["CodedLink", "UncodedLink", "tf"]


class UncodedLink(Block):  # type: ignore[misc]
    """QPSK over AWGN without a code."""

    def __init__(self, packet_bits: int) -> None:
        super().__init__()
        self.packet_bits = packet_bits
        self.source = BinarySource()
        self.mapper = Mapper("qam", 2)
        self.channel = AWGN()
        self.demapper = Demapper("app", "qam", 2)

    def call(self, batch_size: Any, ebno_db: Any) -> tuple[Any, Any]:
        """Bits and their log-likelihood ratios."""
        no = ebnodb2no(ebno_db, 2, 1.0)
        bits = self.source([batch_size, self.packet_bits])
        received = self.channel(self.mapper(bits), no)
        return bits, self.demapper(received, no)


class CodedLink(Block):  # type: ignore[misc]
    """QPSK over AWGN with an encoder and a decoder of information bits."""

    def __init__(self, encoder: Any, decoder: Any, information_bits: int, coded_bits: int) -> None:
        super().__init__()
        self.information_bits = information_bits
        self.code_rate = information_bits / coded_bits
        self.source = BinarySource()
        self.encoder = encoder
        self.mapper = Mapper("qam", 2)
        self.channel = AWGN()
        self.demapper = Demapper("app", "qam", 2)
        self.decoder = decoder

    def call(self, batch_size: Any, ebno_db: Any) -> tuple[Any, Any]:
        """Bits and what the decoder makes of them."""
        no = ebnodb2no(ebno_db, 2, self.code_rate)
        bits = self.source([batch_size, self.information_bits])
        received = self.channel(self.mapper(self.encoder(bits)), no)
        return bits, self.decoder(self.demapper(received, no))
