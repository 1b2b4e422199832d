"""The power spectrum of photographs, and what it says of the coefficients of a two-level DCT."""

from typing import Any, NamedTuple

import numpy as np

POWER = 1.3e-3  # of grey at one cycle a pixel, by the training split
COLOUR_SHARES = (1.0, 0.09, 0.013)  # of grey, red against blue and green against both; by the training split too
USUAL_GRID = 32  # blocks of a side of a picture, where only the mean over the grid is asked


class Pattern(NamedTuple):
    """The patterns of a block's DCT that are sent, strongest first: `[count]` each."""

    rows: Any
    columns: Any
    colours: Any


def strongest(block: int, count: int) -> Pattern:
    """The `count` patterns of a block that vary most."""
    everything = Pattern(*(axis.ravel() for axis in np.indices((block, block, len(COLOUR_SHARES)))))
    order = np.argsort(-block_variances(block, everything), kind="stable")[:count]
    return Pattern(*(axis[order] for axis in everything))


def block_variances(block: int, pattern: Pattern) -> Any:
    """The variance of each pattern over all blocks of a picture, `[count]`."""
    return grid_variances(block, pattern, (USUAL_GRID, USUAL_GRID)).mean(axis=(0, 1))


def grid_variances(block: int, pattern: Pattern, grid: tuple[int, int]) -> Any:
    """The variance of each coefficient after a DCT over blocks and a DCT over their grid, `[rows, columns, count]`.

    A grey coefficient of frequency f in cycles a pixel has variance POWER / f^2. [Field 1987] That of pattern i at
    place k of g holds the frequencies (i + k / g) / (2 block) and (i - k / g) / (2 block); odd patterns run backwards.
    """
    total = np.zeros((*grid, len(pattern.rows)))
    for row in _frequencies(block, pattern.rows, grid[0]):
        for column in _frequencies(block, pattern.columns, grid[1]):
            total += POWER / (row[:, None] ** 2 + column[None, :] ** 2) / 4.0
    return total * np.array(COLOUR_SHARES)[pattern.colours]


def basis(block: int, pattern: Pattern) -> Any:
    """The patterns themselves, orthonormal, `[block, block, colours, count]`."""
    side, colour = dct_matrix(block), dct_matrix(len(COLOUR_SHARES))
    return np.einsum("ni,nj,nk->ijkn", side[pattern.rows], side[pattern.columns], colour[pattern.colours])


def dct_matrix(size: int) -> Any:
    """The orthonormal DCT-II, a pattern a row."""
    places = np.arange(size)
    cosines = np.cos(np.pi * (places[None, :] + 0.5) * places[:, None] / size)
    return cosines / np.linalg.norm(cosines, axis=1, keepdims=True)


def _frequencies(block: int, patterns: Any, size: int) -> tuple[Any, Any]:
    """Both frequencies of each place and pattern, in cycles a pixel, `[size, count]`; no less than 1/4 cycle in all."""
    places = np.arange(size)[:, None] / size
    shift = np.where(patterns % 2 == 0, places, 1.0 - places)
    least = 0.5 / size
    above, below = np.maximum(patterns + shift, least), np.maximum(np.abs(patterns - shift), least)
    return above / (2 * block), below / (2 * block)
