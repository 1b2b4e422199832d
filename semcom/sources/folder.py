"""A folder of the user's own pictures."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from semcom.errors import UserError
from semcom.sources.picture_file import read
from semcom.sources.pictures import GRID, Pictures, whole

LETTERS = 200  # of a path in a message
MOST_BYTES = 1 << 32  # of all pictures, in memory
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

    def cautions(self) -> tuple[str, ...]:
        """Says when whole pictures are cut to multiples of 16 pixels."""
        if self.view == "tiles":
            return ()
        pictures = self.pictures()
        cut = [picture.shape for picture in pictures if whole(picture).shape != picture.shape]
        if not cut:
            return ()
        (rows, columns, _), (kept_rows, kept_columns) = cut[0], (side // GRID * GRID for side in cut[0][:2])
        return (
            f"{len(cut)} of {len(pictures)} pictures are cut at the right and bottom to multiples of {GRID} pixels, "
            f"such as {columns}x{rows} to {kept_columns}x{kept_rows}",
        )


@lru_cache(maxsize=4)
def _pictures(folder: str, least: int) -> tuple[Any, ...]:
    found: list[Any] = []
    room = MOST_BYTES
    for path in _files(folder):
        found.append(_read(path, least))
        room -= found[-1].size
        if room < 0:
            raise UserError(f"source.path: {folder} holds more than {MOST_BYTES >> 30} GiB of pixels; keep fewer there")
    return tuple(found)


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
    try:
        pixels = read(path)
    except UserError as error:
        raise UserError(f"source.path: {error}") from error
    rows, columns = pixels.shape[:2]
    if min(rows, columns) < least:
        raise UserError(f"source.path: {path} has {columns}x{rows} pixels; expected at least {least} a side")
    return pixels
