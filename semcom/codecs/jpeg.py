"""JPEG."""

from typing import ClassVar, Literal

from semcom.codecs.file_codec import FileCodec, Options


class Jpeg(FileCodec):
    """Baseline or progressive JPEG with its own Huffman tables and half or full chroma. [Wallace 1992; ITU-T T.81]

    A baseline file that breaks off shows its top; a progressive one shows the whole picture coarsely.
    """

    kind: Literal["jpeg"] = "jpeg"
    cites: ClassVar[tuple[str, ...]] = ("wallace1992",)
    file_format: ClassVar[str] = "JPEG"
    feature: ClassVar[str] = "jpg"
    qualities: ClassVar[tuple[int, int]] = (1, 100)
    shows_parts: ClassVar[bool] = True

    def variants(self, colours: int) -> tuple[Options, ...]:
        """Baseline and progressive; colours with 4:2:0 and 4:4:4."""
        orders: tuple[Options, ...] = (
            (("optimize", True), ("progressive", False)),
            (("optimize", True), ("progressive", True)),
        )
        if colours == 1:
            return orders
        return tuple((*order, ("subsampling", chroma)) for chroma in ("4:2:0", "4:4:4") for order in orders)
