"""Orthogonal matching pursuit over a product grid, by correlations that are taken once."""

import numpy as np

from semcom_estimation.sensing.contraction import outer
from semcom_estimation.sensing.detection import energy_of, needed, ratio
from semcom_estimation.sensing.least_squares import SMALLEST
from semcom_estimation.sensing.periodogram import squared
from semcom_estimation.sensing.search import Grid
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, along


class GridPursuit:
    """Atoms chosen so far: of a residual r = y - A g the correlations are C y - (C A) g with the grid's atoms C."""

    def __init__(self, tensor: np.ndarray, model: SignalModel, per_bin: float) -> None:
        self.grid = Grid([ModeMap(length) for length in model.shape], model.views, per_bin)
        atoms = [one.astype(tensor.dtype) for one in self.grid.atoms]
        self.correlations = tensor
        for axis, one in enumerate(atoms):
            self.correlations = along(self.correlations, one, axis)
        self.products = [one @ one.conj().T for one in self.grid.atoms]
        self.model = model
        self.energy = energy_of(tensor)
        self.places: list[tuple[int, ...]] = []
        self.gains = np.zeros(0, complex)
        self.explained = 0.0

    def of(self, targets: int) -> np.ndarray:
        """Frequencies of as many atoms as are said, or of all there are, `[target, mode]`."""
        for _ in range(min(targets, self.correlations.size)):
            self.add()
        return self.frequencies

    def unknown(self, false_alarm: float, most: int, noise_variance: float | None) -> np.ndarray:
        """Frequencies of as many atoms as pass what noise alone reaches."""
        limit = needed(self.model, false_alarm)
        while len(self.places) < min(most, self.correlations.size):
            left = max(self.energy - self.explained, 0.0)
            free, before = self.model.size - len(self.places), self.explained
            self.add()
            if ratio(self.explained - before, left, free, noise_variance) < limit:
                self.places.pop()
                break
        return self.frequencies

    @property
    def frequencies(self) -> np.ndarray:
        """`[target, mode]`."""
        points = [[self.grid.frequencies[m][i] for m, i in enumerate(place)] for place in self.places]
        return np.array(points).reshape(len(self.places), len(self.model.shape))

    def add(self) -> None:
        """The atom that correlates most with the residual, and all gains anew."""
        power = squared(self.residual())
        for place in self.places:
            power[place] = 0.0
        self.places.append(tuple(int(i) for i in np.unravel_index(int(np.argmax(power)), power.shape)))
        heard = np.array([self.correlations[place] for place in self.places], complex)
        gram = np.ones((len(self.places), len(self.places)), complex)
        for chosen, product in zip(self.chosen, self.products, strict=True):
            gram *= product[np.ix_(chosen, chosen)]
        self.gains = np.linalg.lstsq(gram, heard, rcond=SMALLEST)[0]
        self.explained = float(np.real(np.vdot(heard, self.gains)))

    @property
    def chosen(self) -> np.ndarray:
        """Points of the chosen atoms, `[mode, target]`."""
        return np.array(self.places, int).T

    def residual(self) -> np.ndarray:
        """Correlations of what the atoms leave."""
        if not self.places:
            return self.correlations
        columns = [product[:, chosen] for chosen, product in zip(self.chosen, self.products, strict=True)]
        small = [one.astype(self.correlations.dtype) for one in columns]
        return np.asarray(self.correlations - outer(small, self.gains))
