"""Tallies of what metrics say of blocks."""

from collections.abc import Iterable, Sequence

from semcom.quantity import Quantity
from semcom.tally import Mean, Rate, Tallies


def tallies_of(metrics: Sequence[Quantity], values: Iterable[Sequence[float]]) -> Tallies:
    """A tally for each metric, of its number for each block, `[block][metric]`; a rate has one trial a block."""
    columns = zip(metrics, zip(*values, strict=True), strict=True)
    return {one.kind: Rate.of(each, 1) if one.counts == "rate" else Mean.of(each) for one, each in columns}
