"""Tallies of what metrics say of blocks."""

from collections.abc import Iterable, Sequence

from semcom.quantity import Quantity
from semcom.tally import Mean, Rate, RootMean, Tallies, Tally


def tally_of(metric: Quantity, values: Iterable[float], trials: int = 1) -> Tally:
    """The tally of a metric's numbers, one for each block, or any number of them for a root.

    A block of a rate has as many `trials`. ArithmeticError for a number that is not finite: no record keeps one. A
    metric that has nothing to measure in a block gives none, which only a root may.
    """
    import numpy as np  # here, since it alone would cost a third of `semcom list`

    numbers = np.fromiter(values, np.float64)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size:
        first = f"the first is {numbers[bad[0]]}, number {bad[0] + 1}"
        raise ArithmeticError(f"{metric.kind} is not finite in {bad.size} of {numbers.size} blocks; {first}")
    if metric.counts == "root":
        return RootMean.of(map(float, numbers))
    return Rate.of(numbers, trials) if metric.counts == "rate" else Mean.of(numbers)


def tallies_of(metrics: Sequence[Quantity], values: Iterable[Sequence[float]]) -> Tallies:
    """A tally for each metric, of its number for each block, `[block][metric]`; a rate has one trial a block."""
    columns = zip(metrics, zip(*values, strict=True), strict=True)
    return {metric.kind: tally_of(metric, each) for metric, each in columns}
