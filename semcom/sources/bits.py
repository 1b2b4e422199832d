"""Random bits."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom.sources.source import Batch, Source, Yields


class RandomBits(Source):
    """Packets of independent, equally likely bits."""

    kind: Literal["bits"] = "bits"
    yields: ClassVar[Yields] = "bits"
    metrics: ClassVar[tuple[str, ...]] = ("ber", "bler")
    packet_bits: Annotated[int, Field(ge=1, le=1_000_000)] = 1200
    """Bits of a packet, the unit whose errors the block error rate counts."""

    @property
    def block(self) -> str:
        """One packet."""
        return "a packet"

    def units(self) -> tuple[tuple[int, ...], ...]:
        """Packets of one length."""
        return ((self.packet_bits,),)

    def draw(self, count: int, rng: Any) -> tuple[Batch, ...]:
        """One batch of `count` packets, `[count, packet_bits]` float32."""
        import numpy as np

        total = count * self.packet_bits
        drawn = np.unpackbits(np.frombuffer(rng.bytes(-(-total // 8)), np.uint8), count=total)
        return (Batch(drawn.reshape(count, self.packet_bits).astype(np.float32)),)
