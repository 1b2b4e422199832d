"""Candidates for a code: maps of letters that lie in descending order."""

from typing import NamedTuple

import numpy as np

from semcom.coupling.codes import Labels
from semcom.coupling.masses import Floats


class Maps(NamedTuple):
    """Maps with H <= R, the one of largest H first.

    Where there are too many letters to try, the heaviest are bound together as letter 0, and the lightest stay alone.
    """

    shares: Floats
    """Probabilities of the letters that are mapped, `[letter]`."""
    labels: Labels
    """`[map, letter]`, without gaps."""
    entropies: Floats
    """H in bits, of all letters, `[map]`."""
    bound: int = 1
    """How many of the heaviest letters letter 0 stands for."""

    def unbound(self, row: int, letters: int) -> Labels:
        """The map of all letters, `[letter]`."""
        labels = self.labels[row]
        alone = np.arange(letters - self.bound - labels.size + 1) + int(labels.max()) + 1
        return np.concatenate((np.full(self.bound, labels[0]), labels[1:], alone))
