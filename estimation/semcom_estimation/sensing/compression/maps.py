"""What linear maps make of tensors, and of what is known of a tone."""

from itertools import accumulate

import numpy as np

from semcom_estimation.sensing.steering import ModeMap, along


def compressed_by(tensor: np.ndarray, maps: tuple[ModeMap, ...]) -> np.ndarray:
    """The tensor with a map along each mode, complex128, in the order of `cheapest`; stages count as maps."""
    steps: list[tuple[float, int, np.ndarray]] = []
    for axis, one in enumerate(maps):
        matrix = one.single if tensor.dtype == np.complex64 else one.matrix
        matrices = one.stages or (() if matrix is None else (matrix,))
        worths = accumulate((1.0 / step.shape[1] - 1.0 / len(step) for step in matrices), max)  # stages stay in order
        steps += [(worth, axis, step) for worth, step in zip(worths, matrices, strict=True)]
    for _, axis, step in sorted(steps, key=lambda one: one[:2]):
        tensor = in_blocks(tensor, step.astype(tensor.dtype, copy=False), axis)
    return tensor.astype(np.complex128)


def in_blocks(tensor: np.ndarray, matrix: np.ndarray, axis: int) -> np.ndarray:
    """The product of a matrix with each block of an axis, blocks one after the other."""
    shape = tensor.shape
    blocks = tensor.reshape(*shape[:axis], -1, matrix.shape[1], *shape[axis + 1 :])
    return along(blocks, matrix, axis + 1).reshape(*shape[:axis], -1, *shape[axis + 1 :])


def lone_information(one: ModeMap, frequencies: np.ndarray) -> np.ndarray:
    """|d|^2 - |b* d|^2 / |b|^2 of a tone b with the derivative d, in a mode alone: what is known of its frequency."""
    values, slopes = one.respond(frequencies)
    power = np.sum(np.abs(values) ** 2, axis=0)
    overlap = np.abs(np.sum(values.conj() * slopes, axis=0)) ** 2
    return np.asarray(np.sum(np.abs(slopes) ** 2, axis=0) - overlap / power)


def growth_of(one: ModeMap, view: tuple[float, float], points: int = 65) -> float:
    """The largest root of the information in all samples over that in the kept ones, over the field of view."""
    frequencies = np.linspace(*view, points)
    everything = lone_information(ModeMap(one.length), frequencies)
    return float(np.sqrt(np.max(everything / lone_information(one, frequencies))))


def tone_growth(kept: int, length: int) -> float:
    """Of samples that are a shorter tone: its own Fisher information, N (N^2 - 1) / 12."""
    return float(np.sqrt(length * (length**2 - 1.0) / (kept * (kept**2 - 1.0))))
