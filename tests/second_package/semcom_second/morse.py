"""Bits with a bias."""

from typing import Any, ClassVar, Literal

from semcom.sources.source import Batch, Source, Yields

CODE = {"S": "10101000", "O": "1110111011100000"}


class Morse(Source):
    """SOS after SOS, begun at a random place: a key that is down is 1."""

    kind: Literal["morse"] = "morse"
    yields: ClassVar[Yields] = "bits"
    metrics: ClassVar[tuple[str, ...]] = ("ber",)

    def units(self) -> tuple[tuple[int, ...], ...]:
        """One call a unit."""
        return ((len(self._call()),),)

    def draw(self, count: int, rng: Any) -> tuple[Batch, ...]:
        """One batch of `count` calls."""
        import numpy as np

        bits = np.array([float(bit) for bit in self._call()], np.float32)
        return (Batch(np.stack([np.roll(bits, int(rng.integers(len(bits)))) for _ in range(count)])),)

    def _call(self) -> str:
        return CODE["S"] + CODE["O"] + CODE["S"]
