"""Codes: what a letter X becomes, T, as a coupling of X and T."""

import numpy as np
from numpy.typing import NDArray

from semcom.coupling.coupling import Coupling
from semcom.coupling.masses import Masses

Labels = NDArray[np.int64]
"""The cell of each letter, `[letter]` int64."""


def code_of(p: Masses, labels: Labels) -> Coupling:
    """The code T = g(X) of a map: letters with one label become one letter of T, in the order of labels.

    Labels are small whole numbers. Letters without mass have no cell.
    """
    letters = np.flatnonzero(p)
    kept = labels[letters]
    columns = (np.bincount(kept) > 0).cumsum()[kept] - 1
    return Coupling(letters, columns, p[letters], p, cell_masses(columns, p[letters]))


def cell_masses(cells: Labels, masses: Masses) -> Masses:
    """The mass of each cell, `[cell]` int64, exactly."""
    return np.bincount(cells, masses).astype(np.int64)  # sums below 2^53 are exact


def move(code: Coupling, letter: int, cell: int, units: int) -> Coupling:
    """The code that moves so many units of a letter's one entry to another cell, or to a new one."""
    entry = int(np.flatnonzero(code.rows == letter)[0])
    cells = np.append(code.column_masses, 0) if cell == code.column_masses.size else code.column_masses.copy()
    cells[code.columns[entry]] -= units
    cells[cell] += units
    masses = np.append(code.masses, units)
    masses[entry] -= units
    return Coupling(np.append(code.rows, letter), np.append(code.columns, cell), masses, code.row_masses, cells)
