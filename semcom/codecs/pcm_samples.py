"""The arithmetic of `pcm`."""

from typing import Any

import numpy as np

from semcom.codecs.codec import MID_GREY
from semcom.codecs.pcm import INDEX_BITS, LADDER


def fitting(picture: Any, budget_bits: int) -> Any | None:
    """The step of the ladder that fits and has the least square error, as bits; None when none fits."""
    best, least = None, np.inf
    for index, (side, depth) in enumerate(LADDER, start=1):
        rows, columns, colours = picture.shape
        if rows % side or columns % side:
            continue
        if INDEX_BITS + rows * columns * colours * depth // side**2 > budget_bits:
            break
        levels = _quantised(picture, side, depth)
        error = float(np.sum(np.square(_spread(levels / (2**depth - 1), side) - picture), dtype=np.float64))
        if error < least:
            best, least = (index, depth, levels), error
    if best is None:
        return None
    index, depth, levels = best
    return np.concatenate([_binary(np.array([index]), INDEX_BITS), _binary(levels.ravel(), depth)])


def restore(bits: Any, unit: tuple[int, ...]) -> Any | None:
    """The picture, mid-grey where samples are missing; None when nothing was sent."""
    if len(bits) < INDEX_BITS:
        return None
    index = int(_number(np.asarray(bits[:INDEX_BITS])[None])[0])
    if index == 0:
        return None
    side, depth = LADDER[index - 1]
    rows, columns, colours = unit
    if rows % side or columns % side:
        return None
    count = rows * columns * colours // side**2
    arrived = np.asarray(bits[INDEX_BITS : INDEX_BITS + count * depth])
    whole = len(arrived) // depth
    samples = np.full(count, MID_GREY)
    samples[:whole] = _number(arrived[: whole * depth].reshape(whole, depth)) / (2**depth - 1)
    return _spread(samples.reshape(rows // side, columns // side, colours), side).astype(np.float32)


def _quantised(picture: Any, side: int, depth: int) -> Any:
    """The levels of the averages, `[height / side, width / side, colours]` int64."""
    rows, columns, colours = picture.shape
    squares = np.asarray(picture, np.float64).reshape(rows // side, side, columns // side, side, colours)
    return np.round(squares.mean(axis=(1, 3)) * (2**depth - 1)).astype(np.int64)


def _spread(samples: Any, side: int) -> Any:
    return samples.repeat(side, axis=0).repeat(side, axis=1)


def _binary(numbers: Any, depth: int) -> Any:
    """Each of `[numbers]` as `depth` bits, the most significant first, uint8."""
    places = np.arange(depth - 1, -1, -1)
    return ((numbers[:, None] >> places) & 1).astype(np.uint8).ravel()


def _number(bits: Any) -> Any:
    """The inverse of `_binary` for `[numbers, depth]`."""
    return bits.astype(np.int64) @ (1 << np.arange(bits.shape[1] - 1, -1, -1))
