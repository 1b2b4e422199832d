"""Tallies of what metrics say of blocks."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from semcom.quantity import Quantity
from semcom.tally import Mean, Rate, RootMean, Tallies

if TYPE_CHECKING:
    import numpy as np


def tally_of(metric: Quantity, values: Iterable[float], trials: int = 1) -> Rate | Mean:
    """The tally of a metric's numbers, one for each block; a block of a rate has as many `trials`.

    ArithmeticError for a number that is not finite: no record keeps one.
    """
    numbers = _finite(metric, values)
    return Rate.of(numbers, trials) if metric.counts == "rate" else Mean.of(numbers)


def root_of(metric: Quantity, blocks: Iterable[Iterable[float]]) -> RootMean:
    """The tally of a root's squares, any number of them for each block; ArithmeticError as `tally_of`.

    A metric that has nothing to measure in a block gives none.
    """
    each = [tuple(block) for block in blocks]
    _finite(metric, (value for block in each for value in block))
    return RootMean.of(each)


def tallies_of(metrics: Sequence[Quantity], values: Iterable[Sequence[float]]) -> Tallies:
    """A tally for each metric, of its number for each block, `[block][metric]`; a rate has one trial a block."""
    columns = zip(metrics, zip(*values, strict=True), strict=True)
    return {metric.kind: tally_of(metric, each) for metric, each in columns}


def _finite(metric: Quantity, values: Iterable[float]) -> "np.ndarray":
    import numpy as np  # here, since it alone would cost a third of `semcom list`

    numbers = np.fromiter(values, np.float64)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        first = f"the first is {numbers[bad[0]]}, number {bad[0] + 1}"
        raise ArithmeticError(f"{metric.kind} is not finite in {bad.size} of {numbers.size} values; {first}")
    return numbers
