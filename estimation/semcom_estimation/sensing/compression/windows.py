"""Windows for tones outside of the field of view, beside what a compression keeps."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.compression.slepian import WORTHWHILE, prolate
from semcom_estimation.sensing.steering import ModeMap

HALF_BINS, SEQUENCES = 1.0, 6  # to each side of a tone; time-bandwidth product 2 and four more
NEW = 1e-3  # of a unit vector: less is in the map already


def widened(one: ModeMap, frequencies: Sequence[float]) -> ModeMap:
    """A map that also keeps tones within a bin of these frequencies; all samples where little would be left out."""
    if one.matrix is None or not len(frequencies):
        return one
    length = one.length
    local = prolate(length, min(HALF_BINS / length, 0.5), min(SEQUENCES, length))
    places = np.arange(length) - (length - 1) / 2.0
    rows = np.concatenate([local * np.exp(-2j * np.pi * frequency * places) for frequency in frequencies])
    for _ in range(2):  # once more for the digits
        rows = rows - (rows @ one.matrix.conj().T) @ one.matrix
    _, sizes, vectors = np.linalg.svd(rows, full_matrices=False)
    matrix = np.concatenate([one.matrix, vectors[sizes > NEW]])
    return ModeMap(length) if len(matrix) >= WORTHWHILE * length else ModeMap(length, matrix, None)
