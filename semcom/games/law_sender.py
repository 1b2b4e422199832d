"""A sender that plays by a law of its own."""

from math import inf
from typing import Any

import numpy as np

from semcom.coupling import Bottleneck, Masses
from semcom.coupling.coupling import Coupling
from semcom.games.honesty import check_chain


class LawSender:
    """Its action depends on step, state and message; the law of the action alone is what results."""

    def __init__(self, laws: np.ndarray) -> None:
        """`laws` is `[step, state, action, message]`; the last step stands for all later ones."""
        self.laws = laws
        self.actions, self.most_bits = laws.shape[2], inf

    def chain(self, belief: Masses, step: int, observation: Any) -> Bottleneck:
        """T is the action."""
        chain = by_law(belief, self.laws[min(step, len(self.laws) - 1), int(observation)])
        check_chain(chain, belief, chain.decoder.column_masses, inf)
        return chain


def by_law(belief: Masses, law: np.ndarray) -> Bottleneck:
    """The chain of a law `[action, message]`: P(m, a) = belief(m) law(a | m), in whole units.

    Of the units of a message each action gets its share rounded down, the likeliest one what is left.
    """
    units = np.floor(law.T * belief[:, None]).astype(np.int64)
    units[np.arange(belief.size), law.argmax(axis=0)] += belief - units.sum(axis=1)
    messages, actions = np.nonzero(units)
    done = units.sum(axis=0)
    said = Coupling(messages, actions, units[messages, actions], belief, done)
    possible = np.flatnonzero(done)
    return Bottleneck(said, Coupling(possible, possible, done[possible], done, done))
