"""What every compression is: fewer samples a mode, before anything costly is done."""

from dataclasses import dataclass

import numpy as np

from semcom_channels.spec import Part
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, along


@dataclass(frozen=True, eq=False)
class Compressed:
    """A small tensor that tells almost the same of the targets."""

    tensor: np.ndarray
    """`[kept samples of each mode ..., snapshot]` complex128; tones have gains of their own in each snapshot."""
    maps: tuple[ModeMap, ...]
    """How each mode came to be: what a tone looks like there."""

    @property
    def snapshots(self) -> int:
        """More than one where shifts of the samples count as snapshots."""
        return int(self.tensor.shape[-1])


class Compression(Part):
    """Makes a tensor smaller and keeps its noise white."""

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """The small tensor; the large one may be complex64 or complex128."""
        raise NotImplementedError

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """For each mode, how much larger the root of a lone target's Cramer-Rao bound gets, at worst in the view."""
        raise NotImplementedError


class LinearCompression(Compression):
    """One matrix with orthonormal rows for each mode."""

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """The maps, whatever the tensor."""
        raise NotImplementedError

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """Products along each mode, the one that shrinks most first."""
        maps = self.maps(model)
        return Compressed(compressed_by(tensor, maps)[..., None], maps)

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """From the Fisher information that each map leaves."""
        return tuple(growth_of(one, view) for one, view in zip(self.maps(model), model.views, strict=True))


def compressed_by(tensor: np.ndarray, maps: tuple[ModeMap, ...]) -> np.ndarray:
    """The tensor with a map along each mode, complex128."""
    for axis in sorted(range(len(maps)), key=lambda axis: maps[axis].kept / maps[axis].length):
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
