"""What every metric is: it compares what was sent with what was understood, unit by unit."""

from abc import abstractmethod
from typing import ClassVar, NamedTuple

from semcom.quantity import Quantity
from semcom.sources.source import Yields
from semcom_channels.tensors import Tensor


class Sent(NamedTuple):
    """What a batch was, for metrics."""

    data: Tensor
    """`[batch, *unit]` float32."""
    labels: Tensor
    """`[batch]` int64; zeros where there are no classes."""


class Metric(Quantity):
    """A number for each unit; `counts` says which kind.

    A "rate" counts: `measure` returns the errors of each unit among its `trials`, or its right answers where the metric
    is about those. A "mean" averages a quality.
    """

    judges: ClassVar[tuple[Yields, ...]]
    """The sources that it can judge."""
    judges_scores: ClassVar[bool] = False
    """Whether it judges scores of classes too, which task-oriented transceivers deliver in place of units."""
    judges_delivery: ClassVar[bool] = False
    """Whether it judges what arrived of files, and not what is seen of them; only transceivers of files have it."""
    needs_classes: ClassVar[bool] = False
    """Whether it compares with the source's labels."""

    def trials(self, unit: tuple[int, ...]) -> int:
        """How many errors a unit could have; 1 for a mean."""
        return 1

    def check(self, unit: tuple[int, ...]) -> None:
        """Raises UserError for what is missing, or for units of a shape that it cannot judge."""

    @abstractmethod
    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """`[batch]` float32, as TensorFlow ops inside the compiled link."""
