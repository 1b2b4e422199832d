"""Minimum entropy coupling with a bottleneck: X -> T -> Y with both marginals fixed and H(T) <= R."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from semcom.coupling.best import quick
from semcom.coupling.coupling import Coupling, Indices, check_letters
from semcom.coupling.ebim import code_at_rate, codes_at_rate
from semcom.coupling.entropy import entropy_of, shares_of, surprise
from semcom.coupling.greedy import Kernel
from semcom.coupling.lower_bounds import bounds_of
from semcom.coupling.masses import TOTAL, Floats, Masses, check_rate, rescaled, to_masses
from semcom.errors import UserError

Side = Literal["message", "action", "best"]
SIDES = ("message", "action", "best")


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """A chain X - T - Y: a coupling of X and T, then one of T and Y with the same marginal of T.

    In a Markov coding game X is the message, Y the action, T what passes the bottleneck.
    """

    encoder: Coupling
    """X (rows) and T (columns): p(t | x)."""
    decoder: Coupling
    """T (rows) and Y (columns): p(y | t)."""

    @property
    def rate_bits(self) -> float:
        """H(T) in bits."""
        return self.encoder.column_entropy_bits

    @cached_property
    def information_bits(self) -> float:
        """I(X; Y) = H(Y) - H(Y | X) in bits; a letter of X that becomes but one t leaves the doubt of that t."""
        said, done = self.encoder, self.decoder
        doubts = np.bincount(done.rows, surprise(done.masses / done.row_masses[done.rows]), done.row_masses.size)
        alone = np.bincount(said.rows, minlength=said.row_masses.size)[said.rows] == 1
        doubt = float((shares_of(said.masses[alone]) * doubts[said.columns[alone]]).sum())
        rows, columns, weights = self._paths(np.flatnonzero(~alone))
        cells, place = np.unique(np.stack((rows, columns)), axis=1, return_inverse=True)
        whole = shares_of(said.row_masses[cells[0]])
        doubt += float((whole * surprise(np.bincount(place.ravel(), weights, cells.shape[1]) / whole)).sum())
        return max(0.0, done.column_entropy_bits - doubt)

    def bound_bits(self, rate_bits: float) -> float:
        """What I(X; Y) of no chain with these marginals and H(T) <= R exceeds, in bits.

        The least of R, H(X), H(Y) (data processing) and H(X) + H(Y) less the best lower bound on H(X, Y).
        """
        p, q = self.encoder.row_masses, self.decoder.column_masses
        h_x, h_y = entropy_of(p), entropy_of(q)
        return min(check_rate(rate_bits), h_x, h_y, h_x + h_y - max(bounds_of(p, q)))

    def joint(self) -> Floats:
        """P(X = x, Y = y) = sum_t P(x, t) P(t, y) / P(t), `[x, y]` float64."""
        rows, columns, weights = self._paths(np.arange(self.encoder.rows.size))
        shape = (self.encoder.row_masses.size, self.decoder.column_masses.size)
        return np.bincount(rows * shape[1] + columns, weights, shape[0] * shape[1]).astype(np.float64).reshape(shape)

    def posterior(self, y: int) -> Masses:
        """p(x | y) as masses that sum to 2^50, `[x]` int64. Raises UserError for a y without mass, or none."""
        check_letters("y", np.asarray([y]), self.decoder.column_masses)
        said, done = self.encoder, self.decoder
        here = np.flatnonzero(done.columns == y)
        shares = np.zeros(done.row_masses.size)
        shares[done.rows[here]] = done.masses[here] / done.row_masses[done.rows[here]]
        weights = np.bincount(said.rows, said.masses * shares[said.columns], said.row_masses.size)
        return rescaled(weights, f"masses given y = {y}")

    def draw(self, x: int, rng: np.random.Generator) -> int:
        """A y by p(y | x): first t by p(t | x), then y by p(y | t), each without rounding."""
        return self.decoder.draw_column(self.encoder.draw_column(x, rng), rng)

    def draw_many(self, xs: ArrayLike, rng: np.random.Generator) -> Indices:
        """A y for each x, independently, `[draw]` int64."""
        return self.decoder.draw_columns(self.encoder.draw_columns(xs, rng), rng)

    def _paths(self, said: Indices) -> tuple[Indices, Indices, Floats]:
        """Each pair of entries that share a t, of these of the encoder: its x, its y and its probability, `[path]`."""
        decoder = np.argsort(self.decoder.rows, kind="stable")
        count = np.bincount(self.decoder.rows, minlength=self.decoder.row_masses.size)
        first = count.cumsum() - count
        letters = self.encoder.columns[said]
        repeat = count[letters]
        ends = repeat.cumsum()
        step = np.arange(repeat.sum()) - np.repeat(ends - repeat, repeat)
        entry = decoder[np.repeat(first[letters], repeat) + step]
        share = self.encoder.masses[said] / self.encoder.column_masses[letters]
        weights = np.repeat(share, repeat) * (self.decoder.masses[entry] * (1.0 / TOTAL))
        return np.repeat(self.encoder.rows[said], repeat), self.decoder.columns[entry], weights


def mecb(p_x: ArrayLike, p_y: ArrayLike, rate_bits: float, side: Side = "best", kernel: Kernel = "auto") -> Bottleneck:
    """The chain X - T - Y of nearly the greatest I(X; Y) for given P_X and P_Y and H(T) <= R.

    `message` makes T a code of X and couples it with Y, as the paper does, and takes the best of a few codes, since
    those of few letters are easier to couple; `action` makes T a code of Y and couples it
    with X, which is better at low rates where Y has few letters: near-exact codes of few letters are found. `best` does
    both and keeps the one of greater I(X; Y). Both marginals are kept exactly.
    [Ebrahimi, Chen, Khisti 2024, arXiv 2410.21666]

    Raises UserError as `to_masses`, for R < 0 and for an unknown side.
    """
    if side not in SIDES:
        raise UserError(f"side is {side!r}; expected one of {', '.join(SIDES)}. Take best.")
    p, q, rate = to_masses(p_x, "p_x"), to_masses(p_y, "p_y"), check_rate(rate_bits)
    chains = []
    if side != "message":
        chains.append(through_action_code(p, code_at_rate(q, rate), kernel))
    if side != "action":
        chains += [through_message_code(code, q, kernel) for code in codes_at_rate(p, rate)]
    return max(chains, key=lambda chain: chain.information_bits)


def through_message_code(code: Coupling, p_y: ArrayLike, kernel: Kernel = "auto") -> Bottleneck:
    """The chain of a code of X (rows X, columns T) and the coupling of T with Y."""
    return Bottleneck(code, quick(code.column_masses, to_masses(p_y, "p_y"), kernel))


def through_action_code(p_x: ArrayLike, code: Coupling, kernel: Kernel = "auto") -> Bottleneck:
    """The chain of the coupling of X with T and a code of Y (rows Y, columns T).

    A game whose policy recurs keeps the code of each state and couples it with every new belief.
    """
    return Bottleneck(quick(to_masses(p_x, "p_x"), code.column_masses, kernel), code.transposed())
