"""Coarse search over the whole field of view, all modes at once."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap, Response, along, cheapest, synthesised

NEARLY = 0.5  # of the largest power on the grid, which a larger one between its points may have there
BETWEEN = 0.35  # of a peak, which half a step away in each of four modes is left of it
SMALLEST = 1e-300
ASTRAY = 0.75  # of a step: a parabola with its top further away is no peak of this point


class Grid:
    """Frequencies over the fields of view, `per_bin` to a resolution bin 1 / N, and their normalised atoms.

    A tensor is projected onto the atoms once; what is left of it when targets are taken out follows from inner products
    of atoms.
    """

    def __init__(self, maps: Sequence[ModeMap], views: Sequence[Interval], per_bin: float) -> None:
        self.frequencies = tuple(_points(one, view, per_bin) for one, view in zip(maps, views, strict=True))
        """Of each mode, `[point]`."""
        self.atoms = tuple(_atoms(one, points) for one, points in zip(maps, self.frequencies, strict=True))
        """Conjugate responses of unit length, `[point, kept]` complex64 for each mode."""

    def projected(self, tensor: np.ndarray) -> np.ndarray:
        """a* y at each point of the grid, `[point of each mode ...]` complex64."""
        found = tensor.astype(np.complex64)
        for axis in cheapest(found.shape, [len(points) for points in self.frequencies]):
            found = along(found, self.atoms[axis], axis)
        return found

    def left(self, projection: np.ndarray, responses: Sequence[Response], gains: np.ndarray) -> np.ndarray:
        """|a* (y - A g)|^2 at each point."""
        if len(gains):
            pairs = zip(self.atoms, responses, strict=True)
            here = [Response(atoms @ one.values.astype(np.complex64), one.slopes) for atoms, one in pairs]
            synthetic = synthesised(here, gains.astype(np.complex64))
            projection = np.subtract(projection, synthetic, out=synthetic)
        return np.asarray(np.abs(projection) ** 2)

    def peak(self, power: np.ndarray) -> np.ndarray:
        """The frequencies of the largest power, `[mode]`, between points by parabolas through their neighbours."""
        found, heights, offsets = self._tops(power, np.flatnonzero(power.reshape(-1) >= NEARLY * power.max()))
        astray = offsets > ASTRAY
        best = int(np.argmax(np.where(astray, -np.inf, heights))) if not astray.all() else int(np.argmax(heights))
        return np.asarray(found[best])

    def peaks(self, power: np.ndarray, least: float, most: int) -> np.ndarray:
        """Those that may be as high as `least` between points, `[peak, mode]`, the highest first."""
        found, heights, offsets = self._tops(power, np.flatnonzero(power.reshape(-1) >= BETWEEN * least))
        heights = np.where(offsets > ASTRAY, -np.inf, heights)
        order = np.argsort(-heights, kind="stable")[:most]
        return np.asarray(found[order[heights[order] >= np.log(max(least, SMALLEST))]])

    def _tops(self, power: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Tops of parabolas of log power: frequencies `[place, mode]`, log heights, and steps off the place at most."""
        heights = _log(power.reshape(-1)[places])
        found, offsets = np.empty((len(places), power.ndim)), np.zeros(len(places))
        for axis, index in enumerate(np.unravel_index(places, power.shape)):
            points = self.frequencies[axis]
            middle = np.clip(index, 1, len(points) - 2)
            offset, rise = _parabola(power, places, (middle - index), axis)
            found[:, axis] = points[middle] + np.clip(offset, -1.0, 1.0) * (points[1] - points[0])
            inside = middle == index
            heights += np.where(inside, rise, 0.0)
            offsets = np.maximum(offsets, np.where(inside, np.abs(offset), 0.0))
        return found, heights, offsets


def _parabola(power: np.ndarray, places: np.ndarray, moved: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """How far off a place, moved so along an axis, the parabola through its neighbours has its top; how much higher.

    Of log power, which is nearer to a parabola where tones peak.
    """
    step = int(np.prod(power.shape[axis + 1 :]))
    flat = power.reshape(-1)
    here = places + moved * step
    left, top, right = (_log(flat[here + shift]) for shift in (-step, 0, step))
    bend = np.minimum(left - 2.0 * top + right, -1e-9)
    offset = 0.5 * (left - right) / bend
    return offset, -0.5 * offset**2 * bend


def _log(power: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(power.astype(float), SMALLEST)))


def _atoms(one: ModeMap, frequencies: np.ndarray) -> np.ndarray:
    values = one.respond(frequencies).values
    return np.ascontiguousarray((values / np.linalg.norm(values, axis=0)).conj().T.astype(np.complex64))


def _points(one: ModeMap, view: Interval, per_bin: float) -> np.ndarray:
    low, high = view
    count = max(int(np.ceil((high - low) * one.length * per_bin)) + 1, 3)
    return np.linspace(low, high, count)
