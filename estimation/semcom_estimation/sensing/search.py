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
        self._first = np.array([[points[0]] for points in self.frequencies])
        self._apart = np.array([[points[1] - points[0]] for points in self.frequencies])

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
        sizes = np.array(power.shape)[:, None]
        index = np.array(np.unravel_index(places, power.shape))  # [axis, place]
        middle = np.clip(index, 1, sizes - 2)
        beside = np.cumprod([1, *power.shape[:0:-1]])[::-1, None]  # from one point of an axis to the next
        offset, rise = _parabola(power.reshape(-1), places + (middle - index) * beside, beside)
        inside = middle == index
        found = self._first + (middle + np.clip(offset, -1.0, 1.0)) * self._apart
        heights = _log(power.reshape(-1)[places]) + np.sum(rise, axis=0, where=inside)
        return found.T, heights, np.max(np.abs(offset), axis=0, where=inside, initial=0.0)


def _parabola(power: np.ndarray, here: np.ndarray, beside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far off places `[axis, place]` parabolas through neighbours along each axis have their tops; how much higher.

    Of log power, which is nearer to a parabola where tones peak.
    """
    left, top, right = _log(power[np.stack([here - beside, here, here + beside])])
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
