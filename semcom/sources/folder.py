"""A folder of the user's own pictures."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from semcom.errors import UserError
from semcom.sources.pictures import GRID, Pictures

LETTERS = 200  # of a path in a message
ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".ppm", ".avif", ".jp2")


class Folder(Pictures):
    """The pictures in a folder, in the order of their names; other files are passed over."""

    kind: Literal["folder"] = "folder"
    path: str
    """The folder, relative to where semcom runs."""

    def files(self) -> tuple[Path, ...]:
        """Its pictures, sorted by name; raises UserError for a folder without any."""
        return _files(self.path)

    def pictures(self) -> tuple[Any, ...]:
        """Each picture `[height, width, 3]` uint8; raises UserError for a folder or a picture that cannot be read."""
        least = self.tile if self.view == "tiles" else GRID
        return _pictures(self.path, least)


@lru_cache(maxsize=4)
def _pictures(folder: str, least: int) -> tuple[Any, ...]:
    return tuple(_read(path, least) for path in _files(folder))


def _files(folder: str) -> tuple[Path, ...]:
    try:
        every = sorted(Path(folder).iterdir())
        found = [path for path in every if path.suffix.lower() in ENDINGS]
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        counted = "" if Path(folder).is_absolute() else f"; a relative path counts from where semcom runs, {Path.cwd()}"
        raise UserError(f"source.path: {folder[:LETTERS]} cannot be read as a folder: {why}{counted}") from None
    if not found:
        raise UserError(f"source.path: {folder} holds no picture; expected files such as {', '.join(ENDINGS[:4])}")
    return tuple(found)


def _read(path: Path, least: int) -> Any:
    from PIL import Image

    try:
        if path.is_fifo():
            raise OSError("it is a pipe")  # which would be waited for
        with Image.open(path) as picture:
            pixels = _eight_bits(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(f"source.path: {path} cannot be read as a picture: {error}") from error
    rows, columns = pixels.shape[:2]
    if min(rows, columns) < least:
        raise UserError(f"source.path: {path} has {columns}x{rows} pixels; expected at least {least} a side")
    return pixels


def _eight_bits(picture: Any) -> Any:
    """Three colours of 8 bits; Pillow's own conversion would cut 16-bit greys at 255."""
    import numpy as np

    if picture.mode.startswith("I;16"):
        grey = np.round(np.asarray(picture) / 257.0).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if picture.mode in ("I", "F"):
        raise ValueError("its pixels have 32 bits; expected 8 or 16 bits a colour")
    return np.asarray(picture.convert("RGB"))
