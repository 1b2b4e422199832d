"""A joint law with given marginals, by its entries that are not zero."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from semcom.coupling.entropy import entropy_of, shares_of
from semcom.coupling.lower_bounds import LowerBounds, bounds_of
from semcom.coupling.masses import Floats, Masses, rescaled
from semcom.errors import UserError

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Coupling:
    """The joint law of X (rows) and Y (columns) as whole masses, 2^50 in all.

    Entry k says P(X = rows[k], Y = columns[k]) = masses[k] / 2^50. A cell stands once at most.
    """

    rows: Indices
    """`[entry]` int64."""
    columns: Indices
    """`[entry]` int64."""
    masses: Masses
    """`[entry]` int64, all positive."""
    row_masses: Masses
    """The marginal of X, `[row]`: exactly the sums of entries."""
    column_masses: Masses
    """The marginal of Y, `[column]`: exactly the sums of entries."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.row_masses.size, self.column_masses.size

    @cached_property
    def entropy_bits(self) -> float:
        """H(X, Y) in bits."""
        return entropy_of(self.masses)

    @cached_property
    def row_entropy_bits(self) -> float:
        """H(X) in bits."""
        return entropy_of(self.row_masses)

    @cached_property
    def column_entropy_bits(self) -> float:
        """H(Y) in bits."""
        return entropy_of(self.column_masses)

    @property
    def information_bits(self) -> float:
        """I(X; Y) = H(X) + H(Y) - H(X, Y) in bits."""
        return max(0.0, self.row_entropy_bits + self.column_entropy_bits - self.entropy_bits)

    @cached_property
    def bounds(self) -> LowerBounds:
        """Lower bounds on H(X, Y) of any coupling of these marginals; computed when first asked for."""
        return bounds_of(self.row_masses, self.column_masses)

    @property
    def gap_bits(self) -> float:
        """How far H(X, Y) is above its best lower bound, in bits: no coupling of these marginals is better by more."""
        return max(0.0, self.entropy_bits - max(self.bounds))

    def joint(self) -> Floats:
        """P(X = x, Y = y), `[row, column]` float64."""
        dense = np.zeros(self.shape)
        dense[self.rows, self.columns] = shares_of(self.masses)
        return dense

    def transposed(self) -> Self:
        """The same law with X and Y exchanged."""
        return type(self)(self.columns, self.rows, self.masses, self.column_masses, self.row_masses)

    def row(self, row: int) -> Masses:
        """The masses of one row, `[column]` int64: p(y | x) times the mass of x."""
        here = np.flatnonzero(self.rows == row)
        masses = np.zeros(self.column_masses.size, np.int64)
        masses[self.columns[here]] = self.masses[here]
        return masses

    def column(self, column: int) -> Masses:
        """The masses of one column, `[row]` int64: p(x | y) times the mass of y."""
        here = np.flatnonzero(self.columns == column)
        masses = np.zeros(self.row_masses.size, np.int64)
        masses[self.rows[here]] = self.masses[here]
        return masses

    def posterior(self, column: int) -> Masses:
        """p(x | y) as masses that sum to 2^50, `[row]` int64. Raises UserError for a column without mass, or none."""
        check_letters("column", np.asarray([column]), self.column_masses)
        return rescaled(self.column(column), f"masses given column {column}")

    def draw_column(self, row: int, rng: np.random.Generator) -> int:
        """A column by p(y | x): by one whole number below the mass of the row, without rounding.

        Raises UserError for a row that does not exist or has no mass.
        """
        check_letters("row", np.asarray([row]), self.row_masses)
        here = np.flatnonzero(self.rows == row)
        below = self.masses[here].cumsum()
        return int(self.columns[here[int(below.searchsorted(rng.integers(below[-1]), "right"))]])

    def draw_columns(self, rows: ArrayLike, rng: np.random.Generator) -> Indices:
        """A column for each of given rows, independently, `[draw]` int64; raises as `draw_column`."""
        wanted = check_letters("row", np.asarray(rows), self.row_masses)
        entries, ends = self._by_row
        before = np.concatenate(([0], self.row_masses.cumsum()))[wanted]
        ticket = before + rng.integers(self.row_masses[wanted])
        return self.columns[entries[ends.searchsorted(ticket, "right")]]

    @cached_property
    def _by_row(self) -> tuple[Indices, Indices]:
        """Entries in the order of their rows, and where the masses end when laid out so."""
        entries = np.argsort(self.rows, kind="stable")
        return entries, self.masses[entries].cumsum()


def check_letters(name: str, letters: NDArray[Any], masses: Masses) -> Indices:
    """The letters as int64; raises UserError for one that is no whole number, does not exist or has no mass."""
    if letters.size and letters.dtype.kind not in "iu":
        raise UserError(f"{name} is {letters.ravel()[0]}; expected a whole number. Look where it comes from.")
    known = (letters >= 0) & (letters < masses.size)
    whole = letters.astype(np.int64)
    if not (known.all() and masses[whole].all()):
        wrong = int(whole[~known][0]) if not known.all() else int(whole[masses[whole] == 0][0])
        raise UserError(
            f"{name} {wrong} has no mass; expected a {name} with mass among 0 to {masses.size - 1}. "
            "Draw it from the marginal."
        )
    return whole
