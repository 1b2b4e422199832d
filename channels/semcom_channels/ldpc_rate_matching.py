"""Which bits of a 5G LDPC codeword are sent, and in which order: the circular buffer of 3GPP 38.212, section 5.4.2."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from semcom_channels.tensors import Llrs

Indices = NDArray[np.int32]
LIFTING_SIZES = sorted(
    size << power for size in (2, 3, 5, 7, 9, 11, 13, 15) for power in range(8) if size << power < 385
)
"""What Z can be. [table 5.3.2-1]"""
CORE_ROWS = 4
"""Rows of both base graphs that bind the first parity columns; each later row ends in a parity bit of its own."""
UNSENT_COLUMNS = 2
"""Columns at the beginning of a codeword that are never sent."""
STARTS = {1: (0, 17, 33, 56), 2: (0, 13, 25, 43)}
"""k0 of each redundancy version of a whole buffer over Z, by base graph. [table 5.4.2.1-2]"""


class MotherCode(NamedTuple):
    """A code before rate matching. Its words are information, then fillers (known zeros, not sent), then parity."""

    information_bits: int
    base_graph: int  # 1 or 2

    @property
    def information_columns(self) -> int:
        """K / Z, fillers included."""
        return 22 if self.base_graph == 1 else 10

    @property
    def used_columns(self) -> int:
        """K_b: how many columns the information needs; Z is the least such that it fits. [section 5.2.2]"""
        if self.base_graph == 1:
            return 22
        bits = self.information_bits
        return 10 if bits > 640 else 9 if bits > 560 else 8 if bits > 192 else 6

    @property
    def lifting(self) -> int:
        """Z."""
        return next(size for size in LIFTING_SIZES if self.used_columns * size >= self.information_bits)

    @property
    def fillers(self) -> int:
        """F = K - k."""
        return self.information_columns * self.lifting - self.information_bits

    @property
    def buffer_bits(self) -> int:
        """N = 66 Z or 50 Z: all bits but those of the first two columns; fillers have their places among them."""
        return (66 if self.base_graph == 1 else 50) * self.lifting

    @property
    def word_bits(self) -> int:
        """N + 2 Z."""
        return self.buffer_bits + UNSENT_COLUMNS * self.lifting


class RateMatching(NamedTuple):
    """How `coded_bits` are taken from a codeword; raises ValueError where these are no whole symbols."""

    information_bits: int
    coded_bits: int
    bits_per_symbol: int
    redundancy_version: int = 0
    limited_buffer_bits: int | None = None

    @property
    def mother(self) -> MotherCode:
        """The code of the base graph for that length and rate. [sections 6.2.2 and 7.2.2, of a block on its own]"""
        return MotherCode(self.information_bits, base_graph(self.information_bits, self.coded_bits))

    @property
    def ring(self) -> Indices:
        """The circular buffer once around from k0 on, as places in the codeword; without fillers. [5.4.2.1]"""
        return _ring(self.mother, self.redundancy_version, self.limited_buffer_bits)

    @property
    def held(self) -> int:
        """How many different bits the buffer has to send."""
        return self.ring.size

    @property
    def once(self) -> int:
        """How many different bits are sent."""
        return min(self.coded_bits, self.held)

    @property
    def repeats(self) -> bool:
        """Whether any bit is sent more than once."""
        return self.coded_bits > self.held

    @property
    def reached(self) -> int:
        """The bits of the codeword up to the last one that is sent; at least those that the core binds."""
        core = (self.mother.information_columns + CORE_ROWS) * self.mother.lifting
        return max(int(self.ring[: self.once].max()) + 1, core)

    def sent(self) -> Indices:
        """Where in the codeword each bit stands, `[coded_bits]`, as selected and then interleaved. [section 5.4.2.2]"""
        self.check()
        selected = self.ring[np.arange(self.coded_bits) % self.held]
        return selected.reshape(self.bits_per_symbol, -1).T.ravel()

    def heard(self) -> Indices:
        """What is heard of each bit of the codeword, `[word_bits]`: which of `combined`.

        `once` stands for a bit that is not sent, `once + 1` for a known zero.
        """
        mother, once = self.mother, self.once
        word = np.full(mother.word_bits, once, np.int32)
        order = np.arange(once)
        word[self.ring[:once]] = order if self.repeats else order.reshape(-1, self.bits_per_symbol).T.ravel()
        word[mother.information_bits : mother.information_bits + mother.fillers] = once + 1
        return word

    def combined(self, llrs: Llrs) -> Llrs:
        """Log-likelihood ratios of the different bits, `[batch, once]`, of the sent ones `[batch, coded_bits]`.

        They stay as they are where no bit is repeated. Else those of each bit add up, in the order of selection.
        """
        from semcom_channels.backend import tf

        self.check()
        if not self.repeats:
            return llrs
        coded, once = self.coded_bits, self.once
        by_symbol = tf.reshape(llrs, [-1, coded // self.bits_per_symbol, self.bits_per_symbol])
        selected: Any = tf.reshape(tf.transpose(by_symbol, [0, 2, 1]), [-1, coded])
        padded = tf.pad(selected, [[0, 0], [0, -coded % once]])
        return tf.reduce_sum(tf.reshape(padded, [-1, -(-coded // once), once]), axis=1)

    def check(self) -> None:
        """Raises ValueError where the coded bits are no whole symbols."""
        if self.coded_bits % self.bits_per_symbol:
            raise ValueError(
                f"{self.coded_bits} coded bits; expected a multiple of {self.bits_per_symbol}, a symbol's bits"
            )


def base_graph(information_bits: int, coded_bits: int) -> int:
    """1 or 2: the graph for that many information bits and that rate. [3GPP 38.212, section 6.2.2]"""
    rate = information_bits / coded_bits
    second = information_bits <= 292 or (information_bits <= 3824 and rate <= 0.67) or rate <= 0.25
    return 2 if second else 1


@lru_cache(maxsize=256)
def _ring(mother: MotherCode, redundancy_version: int, limited_buffer_bits: int | None) -> Indices:
    whole = mother.buffer_bits
    size = whole if limited_buffer_bits is None else min(whole, limited_buffer_bits)
    start = STARTS[mother.base_graph][redundancy_version] * size // whole * mother.lifting
    places = (start + np.arange(size)) % size + UNSENT_COLUMNS * mother.lifting
    known = (places >= mother.information_bits) & (places < mother.information_bits + mother.fillers)
    return places[~known].astype(np.int32)
