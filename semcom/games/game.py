"""A coding game, ready to be played."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from gymnasium.spaces import Discrete, MultiBinary

from semcom.action_links import ActionLink
from semcom.coupling.entropy import shares_of
from semcom.games.belief import Belief, law_of_bits, ones_of
from semcom.games.environment import prior_of
from semcom.games.sender import Sender


@dataclass(frozen=True, eq=False)
class Game:
    """An environment whose observation holds the message, and what plays it."""

    environment: Any
    """A Gymnasium environment with observations of `observation` and `message`."""
    sender: Sender
    passages: np.ndarray | None
    """P(s' | s, a), `[state, action, state]`, which tells of the action too; None where it is not known."""
    link: ActionLink
    discount: float
    block_bits: int
    """Bits of a message that are coupled together where it has many."""

    @property
    def letters(self) -> tuple[int, ...]:
        """Letters of each block of the message."""
        space = self.environment.observation_space["message"]
        if isinstance(space, Discrete):
            return (int(space.n),)
        assert isinstance(space, MultiBinary)
        bits = int(np.prod(space.shape))
        ends = [*range(0, bits, self.block_bits), bits]
        return tuple(1 << (after - before) for before, after in pairwise(ends))

    @cached_property
    def prior(self) -> Belief:
        """What is believed of the message before anything is seen."""
        prior = prior_of(self.environment)
        if isinstance(self.environment.observation_space["message"], Discrete):
            return Belief.of_laws([prior])
        return Belief.of_laws(
            [law_of_bits(prior[start : start + self.block_bits]) for start in range(0, prior.size, self.block_bits)]
        )

    def blocks(self, message: Any) -> tuple[int, ...]:
        """The letter of each block of a message."""
        if np.ndim(message) == 0:
            return (int(message),)
        bits = np.asarray(message).reshape(-1).tolist()
        runs = [bits[start : start + self.block_bits] for start in range(0, len(bits), self.block_bits)]
        return tuple(int("".join(map(str, run)), 2) for run in runs)

    def probabilities(self, belief: Belief) -> np.ndarray:
        """Of each message `[message]`, or that each bit is one, in the shape of the message."""
        space = self.environment.observation_space["message"]
        if isinstance(space, Discrete):
            return shares_of(belief.blocks[0])
        return np.concatenate([ones_of(block) for block in belief.blocks]).reshape(space.shape)

    def passage(self, before: Any, after: Any) -> np.ndarray:
        """P(s' | s, a) for each action, `[action]`; ones where the law is not known."""
        if self.passages is None:
            return np.ones(self.sender.actions)
        return np.asarray(self.passages[int(before), :, int(after)])
