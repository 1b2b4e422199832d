"""Picture files through Pillow: written in memory, read as far as they arrived, and kept for the next budget."""

import contextlib
import io
import struct
import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageFile

from semcom.codecs.file_codec import Options

UNREADABLE = (
    *(OSError, SyntaxError, ValueError, EOFError, RuntimeError, struct.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)
MODES = {1: "L", 3: "RGB"}  # by the number of colours


class Pixels(NamedTuple):
    """A picture of 8 bits that hashes."""

    data: bytes
    shape: tuple[int, int, int]


def pixels_of(picture: Any) -> Pixels:
    """The picture `[height, width, colours]` in [0, 1], rounded to 8 bits."""
    rounded = np.round(np.asarray(picture, np.float64) * 255.0)
    return Pixels(np.clip(rounded, 0.0, 255.0).astype(np.uint8).tobytes(), tuple(picture.shape))


def bits_of(data: bytes) -> Any:
    """Bits `[8 bytes]` uint8, the most significant first."""
    return np.unpackbits(np.frombuffer(data, np.uint8))


def bytes_of(bits: Any) -> bytes:
    """The whole bytes of `[bits]`."""
    whole = len(bits) // 8 * 8
    return np.packbits(np.asarray(bits[:whole], np.uint8)).tobytes()


@lru_cache(maxsize=512)
def written(pixels: Pixels, file_format: str, options: Options) -> bytes:
    """The file of a picture; made from bare pixels, so that it holds no metadata."""
    buffer = io.BytesIO()
    image_of(pixels).save(buffer, file_format, **dict(options))
    return buffer.getvalue()


def image_of(pixels: Pixels) -> Image.Image:
    """Pillow's picture, grey or RGB."""
    rows, columns, colours = pixels.shape
    return Image.frombytes(MODES[colours], (columns, rows), pixels.data)


@lru_cache(maxsize=512)
def finest(
    pixels: Pixels, file_format: str, variants: tuple[Options, ...], qualities: tuple[int, int], budget_bytes: int
) -> bytes | None:
    """The file of at most `budget_bytes` with the least square error; None when no variant fits."""
    files = [_finest_of_variant(pixels, file_format, options, qualities, budget_bytes) for options in variants]
    fitting = [data for data in files if data is not None]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    return min(fitting, key=lambda data: _square_error(data, file_format, pixels))


def _finest_of_variant(
    pixels: Pixels, file_format: str, options: Options, qualities: tuple[int, int], budget_bytes: int
) -> bytes | None:
    """Bisection over the quality, whose path depends on nothing but the sizes that it meets."""
    low, high = qualities
    best = None
    while low <= high:
        middle = (low + high) // 2
        data = written(pixels, file_format, (*options, ("quality", middle)))
        if len(data) <= budget_bytes:
            best, low = data, middle + 1
        else:
            high = middle - 1
    return best


def _square_error(data: bytes, file_format: str, pixels: Pixels) -> float:
    picture = read(data, file_format, pixels.shape, partly=False)
    if picture is None:
        raise RuntimeError(f"Pillow cannot read the {file_format} that it wrote")
    original = np.frombuffer(pixels.data, np.uint8).reshape(pixels.shape)
    return float(np.sum(np.square(picture * 255.0 - original), dtype=np.float64))


def read(data: bytes, file_format: str, unit: tuple[int, ...], *, partly: bool) -> Any | None:
    """The picture of a file, `unit` float32; None when it cannot be opened or has another size.

    With `partly` the file may break off.
    """
    rows, columns, colours = unit
    try:
        with _reading(partly), Image.open(io.BytesIO(data), formats=[file_format]) as picture:
            if picture.size != (columns, rows):
                return None
            pixels = np.asarray(picture.convert(MODES[colours]))
    except UNREADABLE:
        return None
    return (pixels.astype(np.float32) / np.float32(255.0)).reshape(unit)


@contextlib.contextmanager
def _reading(partly: bool) -> Iterator[None]:
    """Pillow's own switch for files that break off, which is global; a size that alarms it is an error."""
    kept = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = partly
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = kept
