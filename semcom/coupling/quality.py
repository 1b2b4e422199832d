"""How near couplings come to the least entropy, on families of marginals."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from semcom.coupling.best import best
from semcom.coupling.closest_match import closest_match
from semcom.coupling.exact import couple_exactly
from semcom.coupling.greedy import greedy
from semcom.coupling.masses import Floats, Masses, rescaled, to_masses
from semcom.errors import UserError, nearest

Family = Callable[[int, np.random.Generator], Floats]
"""Draws weights of so many letters, `[letter]`."""

FAMILIES: Mapping[str, Family] = {
    "uniform": lambda letters, rng: rng.random(letters),
    "zipf": lambda letters, rng: np.arange(1.0, letters + 1.0) ** -rng.uniform(0.5, 1.5),
    "geometric": lambda letters, rng: np.exp(-rng.uniform(2.0, 10.0) / letters * np.arange(letters)),
    "dirichlet_0.1": lambda letters, rng: rng.dirichlet(np.full(letters, 0.1)),
    "dirichlet_1": lambda letters, rng: rng.dirichlet(np.ones(letters)),
}
"""Masses uniform in [0, 1] and normalised; k^-s with s uniform in [0.5, 1.5]; exp(-a k / n) with a uniform in
[2, 10]; Dirichlet laws of either concentration."""


class Gaps(NamedTuple):
    """Entropies above a bound or above the least, in bits; NaN where the least is not known."""

    bound: float
    """Of the better coupling above the best lower bound."""
    greedy: float
    closest_match: float
    best: float
    """Of each coupling above the least entropy."""


def draw_marginals(family: str, letters: int, rng: np.random.Generator) -> tuple[Masses, Masses]:
    """Two independent distributions of a family, each `[letter]` int64. Raises UserError for an unknown family."""
    if family not in FAMILIES:
        raise UserError(f"family is {family!r}; expected a known one: {nearest(family, FAMILIES)}")
    draw = FAMILIES[family]
    return rescaled(draw(letters, rng)), rescaled(draw(letters, rng))


def measure_gaps(p: Masses, q: Masses, exact_up_to: int = 5) -> Gaps:
    """The gaps for two marginals; the exact coupling is found where both have at most `exact_up_to` letters.

    More than 6 are too many. With 5 letters each that takes tens of milliseconds, with 6 some seconds.
    """
    p, q = to_masses(p, "p"), to_masses(q, "q")
    better = best(p, q)
    if max(p.size, q.size) > exact_up_to:
        return Gaps(better.gap_bits, math.nan, math.nan, math.nan)
    least = couple_exactly(p, q).entropy_bits
    others = (greedy(p, q), closest_match(p, q), better)
    return Gaps(better.gap_bits, *(coupling.entropy_bits - least for coupling in others))
