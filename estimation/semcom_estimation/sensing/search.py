"""Coarse search over the whole field of view, all modes at once."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.fast import is_fast
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
        if not len(gains):
            return np.asarray(np.abs(projection) ** 2)
        pairs = zip(self.atoms, responses, strict=True)
        here = [Response(atoms @ one.values.astype(np.complex64), one.slopes) for atoms, one in pairs]
        return _apart(projection, synthesised(here, gains.astype(np.complex64)))

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
        steps, heights, offsets = _parabolas(power.reshape(-1), np.array(power.shape), places)
        return (self._first + steps * self._apart).T, heights, offsets


def _parabolas(power: np.ndarray, shape: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tops on the grid `[axis, place]`, log heights, and steps off the place at most, of log power `[point]`.

    Compiled where the extra `fast` is installed.
    """
    if is_fast():
        from semcom_estimation.sensing.compiled import tops

        found, heights, offsets = tops(power, shape, places, SMALLEST)
        return found, heights, offsets
    index = np.array(np.unravel_index(places, tuple(shape)))  # [axis, place]
    middle = np.clip(index, 1, shape[:, None] - 2)
    beside = np.cumprod([1, *shape[:0:-1]])[::-1, None]  # from one point of an axis to the next
    offset, rise = _parabola(power, places + (middle - index) * beside, beside)
    inside = middle == index
    heights = _log(power[places]) + np.sum(rise, axis=0, where=inside)
    return middle + np.clip(offset, -1.0, 1.0), heights, np.max(np.abs(offset), axis=0, where=inside, initial=0.0)


def _apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """|x - y|^2 of each element; compiled where the extra `fast` is installed."""
    if not is_fast():
        return np.asarray(np.abs(one - other) ** 2)
    from semcom_estimation.sensing.compiled import apart

    return np.asarray(apart(one, other))


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
