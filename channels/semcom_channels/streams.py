"""Randomness that belongs to a point, a chunk and a purpose."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy alone would cost a third of `semcom list`
    import numpy as np


@dataclass(frozen=True)
class Streams:
    """The random streams of one chunk, one for each purpose.

    A stream is `SeedSequence(seed, spawn_key=(key, repeat, chunk, crc32(purpose)))`, so its numbers depend on no
    worker, no order and no size of the sweep. Purposes that share a key across points (the source's pictures, the
    channel's fades) meet the same numbers there: comparisons are paired.
    """

    seed: int
    repeat: int
    chunk: int
    keys: Mapping[str, int]
    """For each purpose, the hash of what its numbers depend on."""

    def sequence(self, purpose: str) -> "np.random.SeedSequence":
        """The seed sequence of a purpose; raises KeyError for a purpose that has no key."""
        import numpy as np

        crc = zlib.crc32(purpose.encode())
        return np.random.SeedSequence(self.seed, spawn_key=(self.keys[purpose], self.repeat, self.chunk, crc))

    def rng(self, purpose: str) -> "np.random.Generator":
        """A NumPy generator for a purpose."""
        import numpy as np

        return np.random.default_rng(self.sequence(purpose))

    def number(self, purpose: str) -> int:
        """A seed of 62 bits for a purpose, for generators that take a Python int."""
        return int(self.sequence(purpose).generate_state(1, "uint64")[0]) >> 2
