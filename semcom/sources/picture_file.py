"""A picture in a file of anybody, as pixels."""

from pathlib import Path
from typing import Any

from semcom.errors import UserError
from semcom_channels.foreign import foreign

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000")  # others may start programs, as EPS does
SEVERAL = ("MPO",)  # formats whose first frame is the picture, and the others serve it [CIPA DC-007]
MOST_PIXELS = 1 << 27  # of a picture, 400 megabytes
OPAQUE = (255, 255)
TRANSPARENT = "some of its pixels are transparent; expected opaque ones: put it on a background of your choice"


def read(path: Path) -> Any:
    """The picture, `[height, width, 3]` uint8, turned as its EXIF says.

    Raises UserError for what is no picture, or cannot be shown as one: several frames, pixels that are not opaque,
    colours of 32 bits, too many pixels.
    """
    from PIL import Image, ImageOps

    with foreign(lambda why: UserError(f"{path} cannot be read as a picture: {why}")):
        if not path.is_file():
            raise ValueError("it is no file")  # a pipe would be waited for
        with Image.open(path, formats=FORMATS) as picture:
            _check(picture)
            picture.load()
            return _eight_bits(ImageOps.exif_transpose(picture))


def _check(picture: Any) -> None:
    """Raises ValueError for too many pixels or frames, before they are read."""
    columns, rows = picture.size
    if columns * rows > MOST_PIXELS:
        raise ValueError(f"it has {columns}x{rows} pixels; expected at most {MOST_PIXELS} in all")
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format not in SEVERAL:
        raise ValueError(f"it has {frames} frames; expected one picture")


def _eight_bits(picture: Any) -> Any:
    """Three opaque colours of 8 bits; Pillow's own conversion would cut 16-bit greys at 255."""
    import numpy as np

    if picture.mode in ("I", "F"):
        raise ValueError("its pixels have 32 bits; expected 8 or 16 bits a colour")
    if picture.mode.startswith("I;16"):
        deep = np.asarray(picture)
        if (deep == picture.info.get("transparency", -1)).any():
            raise ValueError(TRANSPARENT)
        return np.repeat(np.round(deep / 257.0).astype(np.uint8)[..., None], 3, axis=2)
    if picture.has_transparency_data and picture.convert("RGBA").getchannel("A").getextrema() != OPAQUE:
        raise ValueError(TRANSPARENT)
    return np.asarray(picture.convert("RGB"))
