"""What the receiver believes of the message, block by block."""

from collections.abc import Sequence
from functools import cached_property, reduce
from typing import Self

import numpy as np

from semcom.coupling import TOTAL, Bottleneck, Masses, rescaled, to_masses
from semcom.coupling.entropy import entropy_of
from semcom.coupling.masses import Floats


class Belief:
    """Independent blocks, each with its own law: a message of n letters is one block, one of many bits has several.

    A step tells of one block, that of the largest entropy, so that messages of any length cost little. [Sokota et al.
    2022, factored coupling]
    """

    def __init__(self, blocks: Sequence[Masses]) -> None:
        self.blocks = tuple(blocks)
        """`[letter]` int64 masses of each block."""

    def with_block(self, place: int, block: Masses) -> Self:
        """The belief with another block in this place; the others, and what is known of them, stay."""
        changed = type(self)((*self.blocks[:place], block, *self.blocks[place + 1 :]))
        if len(self.blocks) > 1:
            changed.entropies = [*self.entropies[:place], entropy_of(block), *self.entropies[place + 1 :]]
        return changed

    @classmethod
    def of_laws(cls, laws: Sequence[Floats]) -> Self:
        """Of blocks with these laws, `[letter]` each."""
        return cls([to_masses(law) for law in laws])

    @cached_property
    def entropies(self) -> list[float]:
        """Of each block, in bits."""
        return [entropy_of(block) for block in self.blocks]

    @property
    def entropy_bits(self) -> float:
        """Of the whole message."""
        return sum(self.entropies)

    @property
    def open_block(self) -> int:
        """The block of the largest entropy, the first of equal ones."""
        return int(np.argmax(self.entropies)) if len(self.blocks) > 1 else 0

    def guess(self) -> tuple[int, ...]:
        """The likeliest letter of each block, the first of equal ones."""
        return tuple(int(np.argmax(block)) for block in self.blocks)

    def of(self, message: Sequence[int]) -> float:
        """The probability of a message."""
        return float(np.prod([block[letter] / TOTAL for block, letter in zip(self.blocks, message, strict=True)]))

    def after(self, block: int, chain: Bottleneck, weights: Floats) -> Self:
        """The belief when this block was said by a chain, and what was seen has the weight p(seen | action) `[action]`.

        Where only one action is possible the posterior is exact to the last bit.
        """
        possible = np.flatnonzero((weights > 0.0) & (chain.decoder.column_masses > 0))
        if possible.size == 1:
            seen = chain.posterior(int(possible[0]))
        else:
            seen = rescaled((chain.joint() * weights).sum(axis=1), "what was seen")
        return self.with_block(block, seen)


def law_of_bits(ones: Floats) -> Floats:
    """The law of the 2^b letters of a block of independent bits, `[letter]`, of the chance that each is one, `[b]`."""
    return reduce(np.kron, [np.array([1.0 - one, one]) for one in ones])


def ones_of(block: Masses) -> Floats:
    """The probability that each bit of a block of 2^b letters is one, `[b]`, the heaviest bit first."""
    bits = block.size.bit_length() - 1
    places = np.arange(block.size)[:, None] >> np.arange(bits)[::-1] & 1
    return np.asarray(block @ places / TOTAL)
