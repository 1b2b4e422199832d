"""WebP."""

from typing import ClassVar, Literal

from semcom.codecs.file_codec import FileCodec, Options


class Webp(FileCodec):
    """Lossy WebP, a key frame of VP8, with 4:2:0 chroma. [RFC 6386; RFC 9649]

    A file that breaks off cannot be opened. Grey pictures are written as colours.
    """

    kind: Literal["webp"] = "webp"
    cites: ClassVar[tuple[str, ...]] = ("rfc9649",)
    file_format: ClassVar[str] = "WEBP"
    feature: ClassVar[str] = "webp"

    def variants(self, colours: int) -> tuple[Options, ...]:
        """The slowest and best search."""
        return ((("method", 6),),)
