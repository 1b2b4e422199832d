"""JPEG 2000."""

from typing import Any, ClassVar, Literal

from semcom.codecs.file_codec import FileCodec


class Jpeg2000(FileCodec):
    """A JPEG 2000 codestream: 9/7 wavelets, one quality layer, packets from coarse to fine. [Taubman & Marcellin 2002]

    The encoder meets the budget itself. The lengths of the packets are written too, so that a stream that breaks off
    shows the packets that arrived whole: the picture at a coarser resolution.
    """

    kind: Literal["jpeg2000"] = "jpeg2000"
    cites: ClassVar[tuple[str, ...]] = ("taubman2002",)
    file_format: ClassVar[str] = "JPEG2000"
    feature: ClassVar[str] = "jpg_2000"

    def fitting(self, picture: Any, budget_bits: int) -> Any | None:
        """The codestream whose rate control aims at the budget."""
        from semcom.codecs import jpeg2000_stream, picture_files

        data = jpeg2000_stream.fitting(picture_files.pixels_of(picture), budget_bits // 8)
        return None if data is None else picture_files.bits_of(data)

    def mend(self, data: bytes) -> bytes:
        """The packets that arrived whole, and empty ones for the rest."""
        from semcom.codecs import jpeg2000_stream

        return jpeg2000_stream.with_empty_packets(data)
