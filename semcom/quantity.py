"""What any study measures, as figures show it."""

from typing import ClassVar, Literal

from semcom_channels import Part


class Quantity(Part):
    """A number for each independent block: a "rate" counts, a "mean" averages, a "root" is the root of a mean."""

    counts: ClassVar[Literal["rate", "mean", "root"]] = "mean"
    label: ClassVar[str]
    """What an axis of a figure says, with the unit."""
    better: ClassVar[Literal["high", "low"]] = "high"
    relative: ClassVar[bool] = False
    """Whether it is a ratio whose ideal is 1."""
    decades: ClassVar[bool] = False
    """Whether a mean spans so much that its axis is logarithmic."""
