"""Minimum entropy coupling, and the bottleneck.

    c = couple_best(p_x, p_y)            # joint law of little entropy: rows, columns, masses
    c.information_bits, c.gap_bits       # I(X; Y), and at most how far H(X, Y) is from the least
    c.draw_column(x, rng), c.posterior(y)

    b = mecb(p_x, p_y, rate_bits=0.9)    # X - T - Y with H(T) <= 0.9 bit and both marginals kept
    b.rate_bits, b.information_bits, b.bound_bits(0.9)
    b.draw(x, rng), b.posterior(y)

Everywhere a distribution is an array of probabilities, or of whole masses (int64, 2^50 in all): belief and policy may
stay masses through a game, so that both ends hold the same numbers to the last bit.
"""

from semcom.coupling.argmax_loop import couple_by_argmax
from semcom.coupling.best import couple_best
from semcom.coupling.closest_match import couple_closest
from semcom.coupling.comonotone import couple_comonotone
from semcom.coupling.coupling import Coupling
from semcom.coupling.ebim import ebim
from semcom.coupling.ebrahimi2024 import ebrahimi2024
from semcom.coupling.entropy import entropy_bits
from semcom.coupling.exact import couple_exactly
from semcom.coupling.exact_code import exact_code
from semcom.coupling.greedy import Kernel, couple_greedily
from semcom.coupling.independent import couple_independently
from semcom.coupling.lower_bounds import LowerBounds, lower_bounds
from semcom.coupling.many import ManyCoupling, couple_many
from semcom.coupling.masses import TOTAL, Masses, rescaled, to_masses
from semcom.coupling.mecb import Bottleneck, Side, mecb, through_action_code, through_message_code
from semcom.coupling.shkel2017 import shkel2017

__all__ = [
    "TOTAL",
    "Bottleneck",
    "Coupling",
    "Kernel",
    "LowerBounds",
    "ManyCoupling",
    "Masses",
    "Side",
    "couple_best",
    "couple_by_argmax",
    "couple_closest",
    "couple_comonotone",
    "couple_exactly",
    "couple_greedily",
    "couple_independently",
    "couple_many",
    "ebim",
    "ebrahimi2024",
    "entropy_bits",
    "exact_code",
    "lower_bounds",
    "mecb",
    "rescaled",
    "shkel2017",
    "through_action_code",
    "through_message_code",
    "to_masses",
]
