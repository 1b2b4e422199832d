"""Cells of candidates: correlations with a tensor, and what is left of them when some are explained."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.steering import along

Place = tuple[int, ...]


class Cells:
    """All combinations of the modes' candidates.

    A tensor is projected on them once; residuals then need inner products of atoms alone.
    """

    def __init__(self, small: Compressed, candidates: Sequence[np.ndarray]) -> None:
        self.candidates = candidates
        responses = [one.respond(found).values for one, found in zip(small.maps, candidates, strict=True)]
        self.atoms = [values / np.linalg.norm(values, axis=0) for values in responses]
        """Of unit length, `[kept, candidate]` of each mode."""
        self.grams = [atoms.conj().T @ atoms for atoms in self.atoms]
        """A*A of each mode."""
        heard = small.tensor
        for axis, atoms in enumerate(self.atoms):
            heard = along(heard, atoms.conj().T, axis)
        self.heard = heard
        """a* y of each cell, `[candidate of each mode ..., snapshot]`."""
        self.shape = heard.shape[:-1]

    def core(self) -> np.ndarray:
        """The tensor times the pseudo-inverse of each mode's atoms, `[candidate of each mode ..., snapshot]`."""
        core = self.heard
        for axis, gram in enumerate(self.grams):
            core = along(core, np.linalg.pinv(gram, rcond=1e-13, hermitian=True), axis)
        return core

    def frequencies(self, places: Sequence[Place]) -> np.ndarray:
        """Of cells, `[target, mode]`."""
        indices = np.array(places, int).reshape(len(places), len(self.shape))
        return np.stack([found[indices[:, axis]] for axis, found in enumerate(self.candidates)], axis=1)

    def pursued(self, targets: int, left_by: Callable[[Sequence[Place]], np.ndarray]) -> list[Place]:
        """Places chosen one after the other, each of the most power over all snapshots in what those before leave."""
        chosen: list[Place] = []
        left = self.heard
        for _ in range(min(targets, math.prod(self.shape))):
            power = _power(left)
            for place in chosen:
                power[place] = -1.0
            chosen.append(tuple(int(index) for index in np.unravel_index(int(np.argmax(power)), self.shape)))
            left = left_by(chosen)
        return chosen

    def without_product(self, places: Sequence[Place]) -> np.ndarray:
        """What cells hear of the tensor when all combinations of the indices of `places` are fitted to it."""
        sets = [np.unique(indices) for indices in zip(*places, strict=True)]
        core = self.heard[np.ix_(*sets, np.arange(self.heard.shape[-1]))]
        for axis, (gram, chosen) in enumerate(zip(self.grams, sets, strict=True)):
            core = along(core, np.linalg.pinv(gram[np.ix_(chosen, chosen)], rcond=1e-13, hermitian=True), axis)
        for axis, (gram, chosen) in enumerate(zip(self.grams, sets, strict=True)):
            core = along(core, gram[:, chosen], axis)
        return np.asarray(self.heard - core)

    def without_atoms(self, places: Sequence[Place]) -> np.ndarray:
        """What cells hear of the tensor when the atoms of `places` alone are fitted to it."""
        columns = [gram[:, list(indices)] for gram, indices in zip(self.grams, zip(*places, strict=True), strict=True)]
        crossed = columns[0]
        for column in columns[1:]:
            crossed = crossed[..., None, :] * column
        flat = crossed.reshape(-1, len(places))  # [cell, place]
        heard = self.heard.reshape(len(flat), -1)
        rows = np.ravel_multi_index(tuple(zip(*places, strict=True)), self.shape)
        gains = np.linalg.lstsq(flat[rows], heard[rows])[0]
        return np.asarray(heard - flat @ gains).reshape(self.heard.shape)

    def brightest(self, values: np.ndarray, targets: int) -> list[Place]:
        """The places of most power, the first first."""
        power = _power(values)
        order = np.argsort(-power.ravel(), kind="stable")[:targets]
        places = np.stack(np.unravel_index(order, self.shape), axis=1)
        return [tuple(int(index) for index in place) for place in places]

    def assigned(self, targets: int) -> list[Place]:
        """Each candidate in one cell at most: mode after mode, by the assignment of most power in the core."""
        from scipy.optimize import linear_sum_assignment

        power = _power(self.core())
        chosen = [np.arange(self.shape[0])]
        for axis in range(1, len(self.shape)):
            ahead = power.sum(axis=tuple(range(2, power.ndim)))
            rows, columns = linear_sum_assignment(-ahead)
            chosen = [indices[rows] for indices in chosen] + [columns]
            power = power[rows, columns].reshape(len(rows), *self.shape[axis + 1 :])
        order = np.argsort(-power.ravel(), kind="stable")[:targets]
        return [tuple(int(indices[place]) for indices in chosen) for place in order]


def _power(values: np.ndarray) -> np.ndarray:
    """Over all snapshots, `[candidate of each mode ...]`."""
    return np.asarray(np.sum(values.real**2 + values.imag**2, axis=-1))
