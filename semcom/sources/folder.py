"""A folder of the user's own pictures."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from semcom.errors import UserError
from semcom.sources.pictures import GRID, Pictures

ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".ppm", ".avif", ".jp2")


class Folder(Pictures):
    """The pictures in a folder, in the order of their names; other files are passed over."""

    kind: Literal["folder"] = "folder"
    path: str
    """The folder, relative to where semcom runs."""

    def pictures(self) -> tuple[Any, ...]:
        """Each picture `[height, width, 3]` uint8; raises UserError for a folder or a picture that cannot be read."""
        least = self.tile if self.view == "tiles" else GRID
        return _pictures(self.path, least)


@cache
def _pictures(folder: str, least: int) -> tuple[Any, ...]:
    if not Path(folder).is_dir():
        raise UserError(f"source.path: {folder} is not a folder")
    names = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in ENDINGS)
    if not names:
        raise UserError(f"source.path: {folder} holds no picture; expected files such as {', '.join(ENDINGS[:4])}")
    return tuple(_read(path, least) for path in names)


def _read(path: Path, least: int) -> Any:
    import numpy as np
    from PIL import Image

    try:
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(f"source.path: {path} cannot be read as a picture: {error}") from error
    rows, columns = pixels.shape[:2]
    if min(rows, columns) < least:
        raise UserError(f"source.path: {path} has {columns}x{rows} pixels; expected at least {least} a side")
    return pixels
