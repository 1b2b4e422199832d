"""The classical transceiver for pictures: source coding and channel coding, one after the other."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from semcom.codecs import CODECS, Avif, Codec
from semcom.errors import UserError
from semcom.sources.source import Yields
from semcom.transceivers.code_offsets import is_measured
from semcom.transceivers.frame import Crc, Frame
from semcom.transceivers.ratio import BandwidthRatio
from semcom.transceivers.scheme import SCHEMES, Adaptive, Fixed, Scheme
from semcom.transceivers.transceiver import Cost, Csi, Delivered, Transceiver, Unit
from semcom_channels import Received
from semcom_channels.codes import CODES, Code, Ldpc
from semcom_channels.tensors import Symbols, Tensor

FILE_LOSS_CONVENTION = "a file is lost unless all its blocks arrive; what comes before the first wrong one is shown"


class Separate(Transceiver):
    """A source codec, a 5G code and QAM. [Shannon 1948, theorem 21; 3GPP 38.212, section 5]

    picture -> codec -> scrambling -> blocks + CRC -> LDPC or Polar -> QAM -> symbols
    received -> log-likelihood ratios -> decoder -> CRC -> blocks before the first wrong one -> codec -> picture

    The codec's file fills what the channel uses carry at the chosen scheme; zeros fill the rest. A file that does not
    fit, or would look worse than mid-grey, is not sent; a picture of which nothing arrives is mid-grey. Payloads are
    scrambled with a fixed sequence and idle symbols are 1, so symbols have unit power on average, whatever the picture.
    """

    kind: Literal["separate"] = "separate"
    takes: ClassVar[tuple[Yields, ...]] = ("images",)
    compiled: ClassVar[bool] = False
    sends_files: ClassVar[bool] = True
    cites: ClassVar[tuple[str, ...]] = ("shannon1948",)
    codec: Annotated[Codec, CODECS] = Avif()
    """What makes bits of a picture."""
    bandwidth_ratio: BandwidthRatio = Fraction(1, 12)
    """Channel uses per source value, k/n; channel uses are rounded down."""
    code: Annotated[Code, CODES] = Ldpc()
    """What protects them."""
    scheme: Annotated[Scheme, SCHEMES] = Adaptive()
    """What chooses modulation and code rate."""
    crc: Crc = "CRC24A"
    """What tells a wrong block."""

    @property
    def antipodal(self) -> bool:
        """With a fixed BPSK it is."""
        return self.scheme.antipodal

    @property
    def needs_snr(self) -> bool:
        """An adaptive scheme does."""
        return self.scheme.needs_snr

    def check(self) -> None:
        """Raises UserError when the codec is not installed."""
        self.codec.check()

    @property
    def needs_feedback(self) -> bool:
        """A fast adaptive scheme does."""
        return self.scheme.needs_feedback

    def cautions(self) -> tuple[str, ...]:
        """Says when an adaptive scheme goes by the thresholds of another code."""
        if not self.scheme.needs_snr or is_measured(self.code):
            return ()
        return (f"thresholds of this {self.code.kind} code were not measured; those of the default LDPC code serve",)

    def conventions(self) -> Mapping[str, str]:
        """How the scheme is chosen, and what a lost file is."""
        return {"scheme": self.scheme.convention, "file_loss": FILE_LOSS_CONVENTION}

    def frames(self, unit: Unit, csi: Csi, batch: int) -> tuple[Frame, ...]:
        """How each unit of a batch is sent: both ends know it."""
        return self.scheme.frames(self.code, self.crc, uses_of(self.bandwidth_ratio, unit), csi, batch)

    def cost(self, unit: Unit) -> Cost:
        """K = floor(k/n height width colours) symbols; their bits are known ahead only for a fixed scheme."""
        uses = uses_of(self.bandwidth_ratio, unit)
        if not isinstance(self.scheme, Fixed):
            return Cost(uses, None, self.scheme.side_bits)
        frame = self.scheme.frame(self.code, self.crc, uses)
        return Cost(uses, frame.blocks * frame.coded_bits, self.scheme.side_bits)

    def encode(self, data: Tensor, csi: Csi) -> Symbols:
        """Symbols for pictures `[batch, height, width, colours]`."""
        from semcom.transceivers import separate_link

        return separate_link.encode(self.codec, self.code, self.frames(tuple(data.shape[1:]), csi, len(data)), data)

    def decode(self, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """What a viewer sees of what arrived without errors."""
        return self.deliver(received, csi, unit).data

    def deliver(self, received: Received, csi: Csi, unit: Unit) -> Delivered:
        """That, which files are not whole, and what was sent of payload."""
        from semcom.transceivers import separate_link

        frames = self.frames(unit, csi, int(received.y.shape[0]))
        return separate_link.deliver(self.codec, self.code, frames, received, unit)


def uses_of(ratio: Fraction, unit: Unit) -> int:
    """floor(k/n height width colours); raises UserError for what is no picture of one or three colours."""
    rows, columns, colours = unit
    if colours not in (1, 3):
        raise UserError(f"codecs take grey or colour pictures; given {colours} colours")
    uses = int(ratio * rows * columns * colours)
    if uses < 1:
        raise UserError(f"bandwidth_ratio {ratio} leaves no channel use for pictures of {columns}x{rows} pixels")
    return uses
