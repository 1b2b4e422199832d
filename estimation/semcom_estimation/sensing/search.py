"""Coarse search over the whole field of view, all modes at once."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap, along


class Grid:
    """Frequencies over the fields of view, `per_bin` to a resolution bin 1 / N, and their normalised atoms."""

    def __init__(self, maps: Sequence[ModeMap], views: Sequence[Interval], per_bin: float) -> None:
        self.frequencies = tuple(_points(one, view, per_bin) for one, view in zip(maps, views, strict=True))
        """Of each mode, `[point]`."""
        self._maps = maps

    @cached_property
    def atoms(self) -> tuple[np.ndarray, ...]:
        """Conjugate responses of unit length, `[point, kept]` for each mode."""
        every = []
        for one, frequencies in zip(self._maps, self.frequencies, strict=True):
            values = one.respond(frequencies).values
            every.append((values / np.linalg.norm(values, axis=0)).conj().T)
        return tuple(every)

    def power(self, tensor: np.ndarray) -> np.ndarray:
        """|a* y|^2 at each point of the grid, `[point of each mode ...]`."""
        for axis, atoms in enumerate(self.atoms):
            tensor = along(tensor, atoms, axis)
        return np.asarray(tensor.real**2 + tensor.imag**2)

    def peak(self, power: np.ndarray) -> np.ndarray:
        """The frequencies of the largest power, `[mode]`, between points by the parabola through its neighbours."""
        place = tuple(int(index) for index in np.unravel_index(int(np.argmax(power)), power.shape))
        return np.array([self._between(power, place, axis) for axis in range(power.ndim)])

    def _between(self, power: np.ndarray, place: tuple[int, ...], axis: int) -> float:
        points = self.frequencies[axis]
        middle = min(max(place[axis], 1), len(points) - 2)
        line = np.moveaxis(power, axis, -1)[(*place[:axis], *place[axis + 1 :])][middle - 1 : middle + 2]
        bend = line[0] - 2.0 * line[1] + line[2]
        off = 0.0 if bend >= 0.0 else float(np.clip(0.5 * (line[0] - line[2]) / bend, -1.0, 1.0))
        return float(points[middle] + off * (points[1] - points[0]))


def _points(one: ModeMap, view: Interval, per_bin: float) -> np.ndarray:
    low, high = view
    count = max(int(np.ceil((high - low) * one.length * per_bin)) + 1, 3)
    return np.linspace(low, high, count)
