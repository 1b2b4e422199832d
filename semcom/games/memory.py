"""What a learner remembers of its games."""

from typing import NamedTuple, Self

import numpy as np


class Transitions(NamedTuple):
    """Steps of games; leading axes are those of what asked for them."""

    before: np.ndarray
    """`[..., feature]` float32."""
    action: np.ndarray
    """`[...]` int32, counted from 0."""
    reward: np.ndarray
    """`[...]` float32."""
    after: np.ndarray
    """`[..., feature]` float32."""
    going_on: np.ndarray
    """`[...]` float32: 0 where the game ended, 1 elsewhere, also where its time was up."""

    @classmethod
    def room(cls, count: int, features: int) -> Self:
        """Room for so many."""
        wide, whole = np.zeros((2, count, features), np.float32), np.zeros(count, np.int32)
        reward, going_on = np.zeros((2, count), np.float32)
        return cls(wide[0], whole, reward, wide[1], going_on)


class Memory:
    """The latest transitions."""

    def __init__(self, most: int, features: int) -> None:
        self._kept = Transitions.room(most, features)
        self._most, self._seen = most, 0

    @property
    def filled(self) -> int:
        """How many there are."""
        return min(self._seen, self._most)

    @property
    def mean_reward(self) -> float:
        """Of all that is remembered."""
        return float(self._kept.reward[: self.filled].mean())

    def keep(self, new: Transitions) -> None:
        """Remembers transitions, in the place of the oldest."""
        places = (self._seen + np.arange(new.action.size)) % self._most
        for kept, given in zip(self._kept, new, strict=True):
            kept[places] = given
        self._seen += new.action.size

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> Transitions:
        """Transitions drawn with replacement, `[*shape, ...]`."""
        places = rng.integers(self.filled, size=shape)
        return Transitions(*(kept[places] for kept in self._kept))
