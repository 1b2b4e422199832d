"""JPEG 2000 codestreams: made to a size, and mended where they break off. [ISO/IEC 15444-1, annex A]"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from semcom.codecs.file_codec import Options
from semcom.codecs.picture_files import Pixels, written

START = 2  # bytes of the marker that opens the stream
COMMENT, TILE, PACKET_LENGTHS, DATA = 0xFF64, 0xFF90, 0xFF58, 0xFF93  # COM, SOT, PLT, SOD
END = b"\xff\xd9"


class Segment(NamedTuple):
    """A marker of the header and where its segment stands."""

    marker: int
    start: int
    end: int


@lru_cache(maxsize=512)
def fitting(pixels: Pixels, budget_bytes: int) -> bytes | None:
    """The codestream of at most `budget_bytes`; None when the coarsest is longer.

    The encoder aims at a size and may miss it by some bytes, and aims nearby give the same stream: it aims lower by as
    much, then by twice as much, and so on.
    """
    aim, factor = budget_bytes, 1
    while aim > 0:
        data = without_comment(written(pixels, "JPEG2000", _options(pixels, aim)))
        if len(data) <= budget_bytes:
            return data
        aim -= factor * (len(data) - budget_bytes)
        factor *= 2
    return None


def _options(pixels: Pixels, aim_bytes: int) -> Options:
    ratio = max(len(pixels.data) / aim_bytes, 1.0)
    common: Options = (
        ("no_jp2", True),
        ("irreversible", True),
        ("quality_mode", "rates"),
        ("quality_layers", (ratio,)),
        ("plt", True),
    )
    return (*common, ("mct", 1)) if pixels.shape[-1] == 3 else common


def segments(data: bytes) -> Iterator[Segment]:
    """The segments of the main header and of the first tile's; the last one is `DATA` unless the stream breaks off."""
    at = START
    while at + 2 <= len(data):
        (marker,) = struct.unpack_from(">H", data, at)
        if marker == DATA:
            yield Segment(marker, at, at + 2)
            return
        if at + 4 > len(data):
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield Segment(marker, at, at + 2 + length)
        at += 2 + length


def without_comment(data: bytes) -> bytes:
    """The stream without the encoder's signature."""
    for segment in segments(data):
        if segment.marker == COMMENT:
            return data[: segment.start] + data[segment.end :]
    return data


def with_empty_packets(data: bytes) -> bytes:
    """The stream with the packets that arrived whole; zeros, which are empty packets, stand for the rest.

    A stream that arrived whole comes back as it is, and one whose header did not as nothing.
    """
    header = {segment.marker: segment for segment in segments(data)}
    if not {TILE, PACKET_LENGTHS, DATA} <= header.keys():
        return b""
    tile = header[TILE].start
    end = tile + int(struct.unpack_from(">I", data, tile + 6)[0])
    if len(data) >= end:
        return data
    kept = header[DATA].end
    for length in _packet_lengths(data, header[PACKET_LENGTHS]):
        if kept + length > len(data):
            break
        kept += length
    return data[:kept] + bytes(end - kept) + END


def _packet_lengths(data: bytes, segment: Segment) -> Iterator[int]:
    """Each length in bytes of 7 bits, the last of which is below 128."""
    length = 0
    for byte in data[segment.start + 5 : segment.end]:
        length = length << 7 | byte & 0x7F
        if byte < 0x80:
            yield length
            length = 0
