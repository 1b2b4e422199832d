"""The 5G Polar code's length, frozen bits and rate matching. [3GPP 38.212, sections 5.3.1.2 and 5.4.1]"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from semcom_channels.tensors import Llrs

CHECK_BITS = 11  # of the CRC that uplink control information has from 20 bits on [section 6.3.1.2.1]
LONGEST = 10  # log2 of the longest mother code of the uplink
SUB_BLOCKS = (
    *(0, 1, 2, 4, 3, 5, 6, 7, 8, 16, 9, 17, 10, 18, 11, 19),
    *(12, 20, 13, 21, 14, 22, 15, 23, 24, 25, 26, 28, 27, 29, 30, 31),
)
"""The order of the 32 parts of a word. [table 5.4.1.1-1]"""
SURE = 100.0
"""The log-likelihood ratio that is as good as certain for the list decoder."""


class PolarMatching(NamedTuple):
    """How a block of information becomes `coded_bits`, through a Polar code of `length`."""

    information_bits: int
    coded_bits: int

    @property
    def carried_bits(self) -> int:
        """K: information and its check."""
        return self.information_bits + CHECK_BITS

    @property
    def length(self) -> int:
        """N. [section 5.3.1]"""
        carried, coded = self.carried_bits, self.coded_bits
        power = math.ceil(math.log2(coded))
        if 8 * coded <= 9 * 2 ** (power - 1) and 16 * carried < 9 * coded:
            power -= 1
        return int(2 ** max(min(power, math.ceil(math.log2(8 * carried)), LONGEST), 5))

    @property
    def punctures(self) -> bool:
        """Whether of a word that is too long the beginning is not sent; otherwise its end, which is known zeros."""
        return 16 * self.carried_bits <= 7 * self.coded_bits

    def frozen(self, order: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which bits carry nothing, `[length]`; `order` holds all bits from the least reliable on. [section 5.4.1.1]"""
        length, coded = self.length, self.coded_bits
        frozen = np.zeros(length, bool)
        blocks = sub_blocks(length)
        if coded < length and self.punctures:
            frozen[blocks[: length - coded]] = True
            quarters = 3 * length - 2 * coded if 4 * coded >= 3 * length else 9 * length / 4 - coded
            frozen[: math.ceil(quarters / 4)] = True
        elif coded < length:
            frozen[blocks[coded:]] = True
        free = order[~frozen[order]]
        frozen[free[: free.size - self.carried_bits]] = True
        return frozen

    def sent(self) -> NDArray[np.int64]:
        """Where in the word each sent bit stands, `[coded_bits]`: as selected and then interleaved."""
        unsent = self.length - self.coded_bits if self.punctures else 0
        selected = (np.arange(self.coded_bits) + max(unsent, 0)) % self.length
        return sub_blocks(self.length)[selected][triangle(self.coded_bits)]

    def heard(self, llrs: Llrs) -> Llrs:
        """Log-likelihood ratios of the word's bits, `[batch, length]`: those of a bit that is repeated add up."""
        from semcom_channels.backend import tf

        length, coded = self.length, self.coded_bits
        selected: Any = tf.gather(llrs, np.argsort(triangle(coded)), axis=1)
        if coded >= length:
            padded = tf.pad(selected, [[0, 0], [0, -coded % length]])
            selected = tf.reduce_sum(tf.reshape(padded, [-1, -(-coded // length), length]), axis=1)
        elif self.punctures:
            selected = tf.pad(selected, [[0, 0], [length - coded, 0]])
        else:
            selected = tf.pad(selected, [[0, 0], [0, length - coded]], constant_values=-SURE)
        return tf.gather(selected, np.argsort(sub_blocks(length)), axis=1)


@lru_cache(maxsize=256)
def sub_blocks(length: int) -> NDArray[np.int64]:
    """J(n), `[length]`: the word in 32 parts, which change places. [section 5.4.1.1]"""
    return np.arange(length).reshape(32, -1)[list(SUB_BLOCKS)].ravel()


@lru_cache(maxsize=256)
def triangle(coded_bits: int) -> NDArray[np.int64]:
    """The order that fills the rows of a triangle and reads its columns, `[coded_bits]`. [section 5.4.1.3]"""
    side = math.ceil((math.sqrt(8 * coded_bits + 1) - 1) / 2)
    row = np.repeat(np.arange(side), np.arange(side, 0, -1))[:coded_bits]
    column = np.concatenate([np.arange(side - at) for at in range(side)])[:coded_bits]
    return np.lexsort((row, column))
