"""What linear maps make of tensors, and of what is known of a tone."""

import numpy as np

from semcom_estimation.sensing.steering import ModeMap, along, cheapest


def compressed_by(tensor: np.ndarray, maps: tuple[ModeMap, ...]) -> np.ndarray:
    """The tensor with a map along each mode, complex128."""
    for axis in cheapest(tensor.shape, [one.kept for one in maps]):
        one = maps[axis]
        matrix = one.single if tensor.dtype == np.complex64 else one.matrix
        tensor = tensor if matrix is None else along(tensor, matrix, axis)
    return tensor.astype(np.complex128)


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
