"""Counts that merge: what a record keeps of a metric."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

CONFIDENCE = 0.95
ROUNDING = 1e-12
MOST = 1e100  # in size, of any number that is counted; what is computed of it stays within double precision


class Interval(NamedTuple):
    """An estimate and the ends of its 95 % confidence interval."""

    value: float
    low: float
    high: float


class Rate(NamedTuple):
    """Errors among trials, in independent blocks of equally many trials.

    Bits of one fade or one codeword are not independent; blocks are, so the interval counts blocks.
    """

    blocks: int
    errors: int
    trials: int
    squares: int
    """The sum over blocks of squared errors."""

    @classmethod
    def of(cls, errors: Iterable[float], trials_per_block: int) -> Self:
        """The tally of given errors, one number a block."""
        import numpy as np  # here, since it alone would cost a third of `semcom list`

        counts = np.rint(np.fromiter(errors, np.float64)).astype(np.int64)
        return cls(len(counts), int(counts.sum()), len(counts) * trials_per_block, int(counts @ counts))

    @property
    def possible(self) -> bool:
        """Whether some counts give it: errors are no more than trials, and squares what e_b errors in block b can give.

        (sum e_b)^2 / blocks <= sum e_b^2 <= sum e_b trials / blocks
        """
        blocks, errors, trials, squares = self
        counted = 0 <= errors <= trials <= MOST and 0 <= blocks <= trials
        return counted and errors**2 <= blocks * squares <= errors * trials

    def merge(self, other: Self) -> Self:
        """Both tallies together."""
        return type(self)(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def interval(self) -> Interval:
        """The rate with the Clopper-Pearson interval at the effective sample size. [Korn & Graubard 1998]

        The effective size is p (1 - p) over the variance of p between blocks, less what few blocks leave unknown of it
        (Student's t over its own limit, squared); without variance it is the blocks. One trial a block is the exact
        binomial case. The interval covers 95 % where errors come from tens of blocks or more; when a handful of blocks
        holds most of them (slow fading at high SNR), it covers less: ask for more errors there.
        """
        if self.trials == 0:
            return Interval(math.nan, 0.0, 1.0)
        size = min(self._effective_size(), float(self.trials))
        rate = self.errors / self.trials
        return Interval(rate, *_clopper_pearson(rate * size, size))

    def relative_half_width(self) -> float:
        """Half the interval's width over the rate; infinite without errors."""
        value, low, high = self.interval()
        return (high - low) / 2.0 / value if value > 0.0 else math.inf

    def _effective_size(self) -> float:
        scatter = self.blocks * self.squares - self.errors**2  # of whole numbers: nought is exactly nought
        if scatter == 0 or self.trials == self.blocks:
            return float(self.blocks)
        rate = self.errors / self.trials
        variance = scatter / self.trials**2 / (self.blocks - 1)
        few = _t_quantile(self.trials - 1) / _t_quantile(self.blocks - 1)
        return rate * (1.0 - rate) / variance * few**2


class Mean(NamedTuple):
    """A mean over independent blocks, by its count, mean and sum of squared deviations."""

    n: int
    mean: float
    m2: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """The tally of given values, one a block."""
        numbers = [float(value) for value in values]
        mean = math.fsum(numbers) / len(numbers)
        return cls(len(numbers), mean, math.fsum((number - mean) ** 2 for number in numbers))

    @property
    def possible(self) -> bool:
        """Whether some values give it."""
        return 1 <= self.n <= MOST and abs(self.mean) <= MOST and 0.0 <= self.m2 <= MOST

    def merge(self, other: Self) -> Self:
        """Both tallies together. [Chan, Golub, LeVeque 1983, eq. 2.1]"""
        total = self.n + other.n
        step = other.mean - self.mean
        mean = self.mean + step * other.n / total
        return type(self)(total, mean, self.m2 + other.m2 + step * step * self.n * other.n / total)

    def interval(self) -> Interval:
        """The mean with Student's t interval; unbounded for a single block."""
        if self.n < 2:
            return Interval(self.mean, -math.inf, math.inf)
        half = _t_quantile(self.n - 1) * math.sqrt(self.m2 / (self.n - 1) / self.n)
        return Interval(self.mean, self.mean - half, self.mean + half)

    def half_width(self) -> float:
        """Half the interval's width, in the metric's unit."""
        value, _, high = self.interval()
        return high - value


class RootMean(NamedTuple):
    """The root of a mean over independent blocks of unequal size, such as the root mean square error of targets.

    Targets of one scene share its noise, and a few hard scenes may hold much of the mean: blocks are independent, so
    the interval counts blocks. With the sum s and the number k of a block's squares, the moments are the sums over
    blocks of s s, s k, k k, s s s, s s k, s k k and k k k.
    """

    blocks: int
    values: int
    """Squares in all blocks."""
    total: float
    """Their sum."""
    moments: tuple[float, float, float, float, float, float, float]

    @property
    def mean_square(self) -> float:
        """The mean whose root is shown; nan without squares."""
        return self.total / self.values if self.values else math.nan

    @classmethod
    def of(cls, squares: Iterable[Iterable[float]]) -> Self:
        """The tally of given squares, those of each block together; a block may have none."""
        blocks = [tuple(each) for each in squares]
        pairs = [(math.fsum(each), float(len(each))) for each in blocks]
        ss, sk, kk, sss, ssk, skk, kkk = (
            math.fsum(s**power * k**other for s, k in pairs)
            for power, other in ((2, 0), (1, 1), (0, 2), (3, 0), (2, 1), (1, 2), (0, 3))
        )
        count = sum(map(len, blocks))
        return cls(len(blocks), count, math.fsum(s for s, _ in pairs), (ss, sk, kk, sss, ssk, skk, kkk))

    @property
    def possible(self) -> bool:
        """Whether some squares of some blocks give it, by the inequality of Cauchy and Schwarz."""
        ss, _, kk, *_ = self.moments
        if not 0.0 <= self.total <= MOST or not all(0.0 <= moment < math.inf for moment in self.moments):
            return False
        if not self.values >= 0 or self.blocks < (self.values > 0):
            return False
        room = (1.0 + ROUNDING) * self.blocks
        return self.total**2 <= room * ss and self.values**2 <= room * kk

    def merge(self, other: Self) -> Self:
        """Both tallies together."""
        ss, sk, kk, sss, ssk, skk, kkk = (a + b for a, b in zip(self.moments, other.moments, strict=True))
        moments = (ss, sk, kk, sss, ssk, skk, kkk)
        return type(self)(self.blocks + other.blocks, self.values + other.values, self.total + other.total, moments)

    def interval(self) -> Interval:
        """The root of the mean square and of the ends of its interval; unbounded above for less than two blocks.

        Student's t of the ratio of sums, corrected for the skewness of blocks, with the freedom of as many equal blocks
        as would have these sums. [Cochran 1977, section 6.3; Hall 1992, "On the removal of skewness by transformation"]
        It covers the root over the noise of the scenes that were drawn, also where a few of them hold most of it. The
        mean over all scenes that could be drawn may not exist (near targets have bounds without one): no interval of a
        sample covers that.
        """
        if not self.values:
            return Interval(math.nan, 0.0, math.inf)
        mean = self.mean_square
        if mean == 0.0:
            return Interval(0.0, 0.0, 0.0 if self.blocks > 1 else math.inf)
        if self.blocks < 2:
            return Interval(math.sqrt(mean), 0.0, math.inf)
        quantile = _t_quantile(max(self.total**2 / self.moments[0] - 1.0, 1.0))
        deviation, skewness = self._spread(mean)
        up, down = (_unskewed(end, skewness / math.sqrt(self.blocks)) for end in (-quantile, quantile))
        low, high = mean * max(1.0 - down * deviation, 0.0), mean * (1.0 - up * deviation)
        return Interval(math.sqrt(mean), math.sqrt(low), math.sqrt(high))

    def relative_half_width(self) -> float:
        """The farther end of the interval from the root, over the root; infinite without one."""
        value, low, high = self.interval()
        return max(high - value, value - low) / value if value > 0.0 else math.inf

    def _spread(self, mean: float) -> tuple[float, float]:
        """The relative standard deviation of the mean, and the skewness of s - mean k over blocks."""
        ss, sk, kk, sss, ssk, skk, kkk = self.moments
        square = (ss - 2.0 * mean * sk + mean**2 * kk) / self.blocks
        if square <= ROUNDING * ss / self.blocks:  # blocks that are alike differ by rounding
            return 0.0, 0.0
        cube = (sss - 3.0 * mean * ssk + 3.0 * mean**2 * skk - mean**3 * kkk) / self.blocks
        return math.sqrt(square * self.blocks**2 / (self.blocks - 1)) / self.total, cube / square**1.5


Tally = Rate | Mean | RootMean
Tallies = Mapping[str, Tally]


def merge(tallies: Tallies, others: Tallies) -> Tallies:
    """Both, metric by metric."""
    return {name: _merged(tally, others[name]) for name, tally in tallies.items()}


def _merged(tally: Tally, other: Tally) -> Tally:
    if isinstance(tally, Rate) and isinstance(other, Rate):
        return tally.merge(other)
    if isinstance(tally, Mean) and isinstance(other, Mean):
        return tally.merge(other)
    if isinstance(tally, RootMean) and isinstance(other, RootMean):
        return tally.merge(other)
    raise TypeError(f"cannot merge {type(tally).__name__} with {type(other).__name__}")


def _clopper_pearson(hits: float, size: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    tail = (1.0 - CONFIDENCE) / 2.0
    low = 0.0 if hits <= 0.0 else float(betaincinv(hits, size - hits + 1.0, tail))
    high = 1.0 if hits >= size else float(betaincinv(hits + 1.0, size - hits, 1.0 - tail))
    return low, high


def _unskewed(end: float, skewness: float) -> float:
    """The end of an interval of t that its skewness moves to `end`: t + g t^2 / 3 + g^2 t^3 / 27 + g / 6 = end."""
    if abs(skewness) < ROUNDING:
        return end
    return 3.0 / skewness * (math.cbrt(1.0 + skewness * (end - skewness / 6.0)) - 1.0)


def _t_quantile(freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + CONFIDENCE / 2.0))
