"""What the codecs of picture files share."""

from typing import Any, ClassVar

from semcom.codecs.codec import MID_GREY, Codec
from semcom.errors import UserError

Options = tuple[tuple[str, Any], ...]  # what Pillow's save takes, by name


class FileCodec(Codec):
    """A file format of Pillow. The file is sent as it is, headers included, without metadata."""

    file_format: ClassVar[str]
    """Pillow's name of the format."""
    feature: ClassVar[str]
    """Pillow's name of the library that it needs."""
    qualities: ClassVar[tuple[int, int]] = (0, 100)
    """The coarsest and the finest quality."""
    shows_parts: ClassVar[bool] = False
    """Whether Pillow shows the part that arrived of a file that breaks off."""

    def check(self) -> None:
        """Raises UserError when Pillow lacks the format."""
        from PIL import features

        if not features.check(self.feature):
            raise UserError(f"codec {self.kind}: this Pillow was built without {self.kind}; pip install pillow")

    def variants(self, colours: int) -> tuple[Options, ...]:
        """The ways to write a picture, each with its own options; the best one is sent. One without options here."""
        return ((),)

    def fitting(self, picture: Any, budget_bits: int) -> Any | None:
        """The file whose picture has the least square error among the finest of each variant that fit."""
        from semcom.codecs import picture_files

        variants = self.variants(picture.shape[-1])
        pixels = picture_files.pixels_of(picture)
        data = picture_files.finest(pixels, self.file_format, variants, self.qualities, budget_bits // 8)
        return None if data is None else picture_files.bits_of(data)

    def restore(self, bits: Any, unit: tuple[int, ...]) -> Any:
        """What Pillow shows of the file as far as it arrived."""
        import numpy as np

        from semcom.codecs import picture_files

        data = self.mend(picture_files.bytes_of(bits))
        picture = picture_files.read(data, self.file_format, unit, partly=self.shows_parts)
        return np.full(unit, MID_GREY, np.float32) if picture is None else picture

    def mend(self, data: bytes) -> bytes:
        """A file as far as it arrived, made such that it can be opened."""
        return data
