"""Damages bytes as disks, transfers and hands do."""

import re
from collections.abc import Callable

import numpy as np

NUMBERS = (b"-1", b"0", b"NaN", b"Infinity", b"1e400", b"-1e300", b"9" * 400, b"null", b'"x"', b"[]", b"0.5", b"true")
STRANGE = (b"\0", b"\xff\xfe", b"\n", b"\r", b"{", b"}", b'"', b"\x1b[2J", b"\0" * 64, b"[" * 3000)


def damaged(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with one to three faults."""
    for _ in range(1 + int(rng.integers(3))):
        data = FAULTS[int(rng.integers(len(FAULTS)))](data, rng) if data else data
    return data


def _flip(data: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(data)))
    return data[:place] + bytes([data[place] ^ 1 << int(rng.integers(8))]) + data[place + 1 :]


def _flip_early(data: bytes, rng: np.random.Generator) -> bytes:
    """In the first hundred bytes, where headers are."""
    return _flip(data[:100], rng) + data[100:]


def _flip_late(data: bytes, rng: np.random.Generator) -> bytes:
    """In the last hundred bytes, where directories are."""
    return data[:-100] + _flip(data[-100:], rng)


def _cut(data: bytes, rng: np.random.Generator) -> bytes:
    return data[: int(rng.integers(len(data)))]


def _take_out(data: bytes, rng: np.random.Generator) -> bytes:
    first, last = sorted(int(place) for place in rng.integers(len(data), size=2))
    return data[:first] + data[last:]


def _blank(data: bytes, rng: np.random.Generator) -> bytes:
    first, last = sorted(int(place) for place in rng.integers(len(data), size=2))
    return data[:first] + bytes(last - first) + data[last:]


def _enlarge(data: bytes, rng: np.random.Generator) -> bytes:
    """Four bytes become the largest number, anywhere in the first kilobyte."""
    place = int(rng.integers(min(len(data), 1000)))
    return data[:place] + b"\xff\xff\xff\x7f" + data[place + 4 :]


def _put(data: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(data)))
    return data[:place] + STRANGE[int(rng.integers(len(STRANGE)))] + data[place:]


def _renumber(data: bytes, rng: np.random.Generator) -> bytes:
    """A number in a text becomes another one, or none."""
    found = list(re.finditer(rb"(?<=[ \[(])-?[0-9][0-9.e+-]*", data))
    if not found:
        return data
    place = found[int(rng.integers(len(found)))]
    return data[: place.start()] + NUMBERS[int(rng.integers(len(NUMBERS)))] + data[place.end() :]


FAULTS: tuple[Callable[[bytes, np.random.Generator], bytes], ...] = (
    *(_flip, _flip_early, _flip_late, _cut, _take_out, _blank, _enlarge, _put),
    *(_renumber, _renumber, _renumber),
)
