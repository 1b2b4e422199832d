"""What every source is: it draws units (packets, tiles, pictures) for a transceiver to send."""

from abc import abstractmethod
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias

from semcom_channels import Part

Yields: TypeAlias = Literal["bits", "images"]


class Batch(NamedTuple):
    """Units of one shape, and what is known about them."""

    data: Any
    """`[batch, bits]` float32 of 0 and 1, or pictures `[batch, height, width, colours]` float32 in [0, 1]."""
    labels: Any = None
    """The true class of each unit, `[batch]` int64, where there is one."""


class Source(Part):
    """Draws what is sent."""

    yields: ClassVar[Yields]
    metrics: ClassVar[tuple[str, ...]]
    """The names of the metrics that suit it when the scenario names none."""
    classes: ClassVar[int] = 0
    """How many classes its labels tell apart; 0: it has no labels."""

    @property
    def one_block(self) -> bool:
        """Whether a draw is the same fixed set each time, so that intervals count draws and not units."""
        return False

    @property
    def block(self) -> str:
        """What an independent block is, in words for a figure's caption."""
        return "a unit"

    @abstractmethod
    def units(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of what a draw holds: (bits,) or (height, width, colours), one for each batch."""

    @abstractmethod
    def draw(self, count: int, rng: Any) -> tuple[Batch, ...]:
        """About `count` units from a NumPy generator, as batches of one shape each."""

    def cautions(self) -> tuple[str, ...]:
        """What a reader of results should know of it, in words; the record keeps it."""
        return ()
