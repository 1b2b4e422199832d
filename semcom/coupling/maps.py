"""Candidates for a code: maps of letters that lie in descending order."""

from typing import NamedTuple

import numpy as np

from semcom.coupling.codes import Labels
from semcom.coupling.masses import Floats


class Maps(NamedTuple):
    """Maps with H <= R, the one of largest H first.

    Where there are too many letters to try, some of them are mapped together, as a run of letters in that order.
    """

    shares: Floats
    """Probabilities of the runs that are mapped, `[run]`; each is one letter where all can be tried."""
    labels: Labels
    """`[map, run]`, without gaps."""
    entropies: Floats
    """H in bits, of all letters, `[map]`."""
    runs: Labels
    """The run of each letter in descending order, `[letter]`; from `shares.size` on, letters that stay alone."""
    heads: Floats
    """The probability of the heaviest letter of each run, `[run]`: the one that may be split."""

    def head(self, run: int) -> int:
        """The place of the heaviest letter of a run."""
        return int(np.searchsorted(self.runs, run))

    def of_letters(self, row: int) -> Labels:
        """A map, `[letter]`."""
        labels = self.labels[row]
        alone = np.arange(int(self.runs[-1]) + 1 - labels.size) + int(labels.max()) + 1
        return np.concatenate((labels, alone))[self.runs]
