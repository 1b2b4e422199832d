"""The better of the greedy and the closest-match coupling."""

from numpy.typing import ArrayLike

from semcom.coupling.closest_match import closest_match
from semcom.coupling.coupling import Coupling
from semcom.coupling.greedy import Kernel, greedy
from semcom.coupling.masses import Masses, to_masses

QUICK_UP_TO = 64
"""Letters of both marginals up to which a closest match takes a fraction of a millisecond."""


def couple_best(p_x: ArrayLike, p_y: ArrayLike, kernel: Kernel = "auto") -> Coupling:
    """The greedy or the closest-match coupling, whichever has less entropy. 2^16 letters each take seconds.

    Raises UserError as `couple_greedily`.
    """
    return best(to_masses(p_x, "p_x"), to_masses(p_y, "p_y"), kernel)


def best(p: Masses, q: Masses, kernel: Kernel = "auto") -> Coupling:
    """The better coupling of masses that have been checked."""
    greedily, closely = greedy(p, q, kernel), closest_match(p, q)
    return closely if closely.entropy_bits < greedily.entropy_bits else greedily


def quick(p: Masses, q: Masses, kernel: Kernel = "auto") -> Coupling:
    """The better coupling of few letters, the greedy one of many: what a step of a game has time for."""
    return best(p, q, kernel) if p.size + q.size <= QUICK_UP_TO else greedy(p, q, kernel)
