"""Counts that merge, and the coverage of their intervals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from near import FALSE_ALARM
from semcom.tally import CONFIDENCE, Mean, Rate, RootMean, merge

counts = st.lists(st.integers(0, 20), min_size=1, max_size=12)
values = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12)


def pooled(mean: Mean) -> tuple[object, object]:
    """A mean and squared deviations that equal these up to rounding."""
    return pytest.approx(mean.mean, rel=1e-12, abs=1e-9), pytest.approx(mean.m2, rel=1e-9, abs=1e-6)


@given(counts, counts, counts)
def test_rates_merge_into_the_tally_of_all_blocks_in_any_order(a: list[int], b: list[int], c: list[int]) -> None:
    x, y, z = (Rate.of(errors, 20) for errors in (a, b, c))
    assert x.merge(y).merge(z) == x.merge(y.merge(z)) == z.merge(x).merge(y) == Rate.of(a + b + c, 20)


@given(values, values, values)
def test_means_merge_into_the_tally_of_all_blocks_up_to_rounding(
    a: list[float], b: list[float], c: list[float]
) -> None:
    x, y, z = Mean.of(a), Mean.of(b), Mean.of(c)
    together = pooled(Mean.of(a + b + c))
    for merged in (x.merge(y).merge(z), x.merge(y.merge(z)), z.merge(x).merge(y)):
        assert merged.n == len(a + b + c)
        assert (merged.mean, merged.m2) == together


@given(values)
def test_a_mean_is_that_of_numpy(a: list[float]) -> None:
    assert (Mean.of(a).mean, Mean.of(a).m2) == pooled(Mean(len(a), float(np.mean(a)), float(np.var(a) * len(a))))


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
def test_the_interval_of_a_mean_is_student_s(a: list[float]) -> None:
    error = float(np.std(a, ddof=1) / math.sqrt(len(a)))
    value, low, high = Mean.of(a).interval()
    if error > 1e-6:
        exact = stats.t.interval(CONFIDENCE, len(a) - 1, loc=np.mean(a), scale=error)
        assert (low, high) == pytest.approx(exact, rel=1e-9, abs=1e-9)
    assert low <= value <= high
    assert Mean.of(a).half_width() == pytest.approx((high - low) / 2.0, abs=1e-9)


def test_one_block_bounds_no_mean() -> None:
    assert Mean.of([3.0]).interval() == (3.0, -math.inf, math.inf)


@given(st.integers(1, 200), st.data())
def test_the_interval_of_one_trial_a_block_is_the_exact_binomial_one(trials: int, data: st.DataObject) -> None:
    errors = data.draw(st.integers(0, trials))
    blocks = [1] * errors + [0] * (trials - errors)
    exact = stats.binomtest(errors, trials).proportion_ci(CONFIDENCE, "exact")
    value, low, high = Rate.of(blocks, 1).interval()
    assert value == errors / trials
    assert (low, high) == pytest.approx((exact.low, exact.high), abs=1e-9)


@given(counts)
def test_an_interval_holds_the_rate_and_stays_inside_zero_and_one(a: list[int]) -> None:
    value, low, high = Rate.of(a, 20).interval()
    assert 0.0 <= low <= value <= high <= 1.0


def covered(errors: np.ndarray, trials_per_block: int, rate: float) -> int:
    """How many of the experiments, a row of blocks each, have an interval that holds the rate."""
    intervals = (Rate.of(row, trials_per_block).interval() for row in errors)
    return sum(low <= rate <= high for _, low, high in intervals)


def assert_covers(hits: int, experiments: int) -> None:
    """Fails when the hits contradict a coverage of at least 95 %, by the exact binomial test."""
    chance = stats.binomtest(hits, experiments, CONFIDENCE, alternative="less").pvalue
    assert chance > FALSE_ALARM, f"{hits} of {experiments} intervals hold the rate"


@pytest.mark.parametrize(("rate", "blocks"), [(0.3, 3), (0.1, 10), (0.01, 100), (0.0005, 50)])
def test_intervals_of_independent_errors_cover(rate: float, blocks: int, rng: np.random.Generator) -> None:
    assert_covers(covered(rng.binomial(200, rate, (1000, blocks)), 200, rate), 1000)


@pytest.mark.parametrize(
    ("rate", "likeness", "blocks"), [(0.3, 0.1, 5), (0.3, 0.3, 50), (0.1, 0.1, 100), (0.1, 0.02, 15), (0.02, 0.05, 200)]
)
def test_intervals_of_clustered_errors_cover(
    rate: float, likeness: float, blocks: int, rng: np.random.Generator
) -> None:
    """Beta-binomial blocks, whose trials are correlated by `likeness`, as bits of one fade are."""
    weight = 1.0 / likeness - 1.0
    chances = rng.beta(rate * weight, (1.0 - rate) * weight, (1000, blocks))
    hits = covered(rng.binomial(200, chances), 200, rate)
    assert_covers(hits, 1000)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=12))
def test_the_effective_size_takes_the_unbiased_variance_between_blocks(errors: list[int]) -> None:
    """The size is p (1 - p) over the variance of p, which n - 1 divides, times Student's t over its limit, squared."""
    blocks, trials = len(errors), 30
    rates = np.array(errors) / trials
    rate, variance = float(rates.mean()), float(rates.var(ddof=1)) / blocks
    size = float(blocks)
    if variance > 1e-12:
        few = stats.t.ppf(0.975, blocks * trials - 1) / stats.t.ppf(0.975, blocks - 1)
        size = min(rate * (1.0 - rate) / variance * few**2, blocks * trials)
    _, low, high = Rate.of(errors, trials).interval()
    hits, tail = rate * size, (1.0 - CONFIDENCE) / 2.0
    assert low == pytest.approx(0.0 if rate == 0.0 else stats.beta.ppf(tail, hits, size - hits + 1.0), abs=1e-9)
    assert high == pytest.approx(1.0 if rate == 1.0 else stats.beta.isf(tail, hits + 1.0, size - hits), abs=1e-9)


def test_errors_that_come_together_widen_the_interval() -> None:
    spread, together = Rate.of([1] * 10 + [0] * 90, 100), Rate.of([10] + [0] * 99, 100)
    assert spread.interval().value == together.interval().value
    assert together.relative_half_width() > 2.0 * spread.relative_half_width()


def test_blocks_that_are_exactly_alike_count_as_one_trial_each() -> None:
    """Rounding must not make a variance: 1 / 7 * 7 is not 1 for every number of blocks."""
    for blocks in range(2, 60):
        alike = Rate.of([3] * blocks, 7)
        _, low, high = alike.interval()
        size = float(blocks)
        tail = (1.0 - CONFIDENCE) / 2.0
        hits = 3.0 / 7.0 * size
        assert low == pytest.approx(float(stats.beta.ppf(tail, hits, size - hits + 1.0)))
        assert high == pytest.approx(float(stats.beta.isf(tail, hits + 1.0, size - hits)))


def test_no_errors_leave_the_blocks_as_the_bound() -> None:
    value, low, high = Rate.of([0] * 100, 1000).interval()
    assert (value, low) == (0.0, 0.0)
    assert high == pytest.approx(1.0 - 0.025 ** (1.0 / 100.0))
    assert math.isinf(Rate.of([0] * 100, 1000).relative_half_width())


def test_nothing_measured_bounds_nothing() -> None:
    value, low, high = Rate(0, 0, 0, 0).interval()
    assert math.isnan(value)
    assert (low, high) == (0.0, 1.0)


def test_tallies_merge_metric_by_metric() -> None:
    rate, mean = Rate.of([1, 2], 10), Mean.of([20.0, 30.0])
    twice = merge({"ber": rate, "psnr": mean}, {"ber": rate, "psnr": mean})
    assert twice == {"ber": Rate.of([1, 2, 1, 2], 10), "psnr": Mean.of([20.0, 30.0, 20.0, 30.0])}


def test_tallies_of_two_kinds_do_not_merge() -> None:
    with pytest.raises(TypeError, match="cannot merge Rate with Mean"):
        merge({"ber": Rate.of([1], 2)}, {"ber": Mean.of([1.0])})


many = st.lists(st.lists(st.floats(0.0, 1e3), max_size=4), min_size=1, max_size=12)


@given(many, many)
def test_roots_of_means_merge_into_the_tally_of_all_blocks_up_to_rounding(
    a: list[list[float]], b: list[list[float]]
) -> None:
    whole, parts = RootMean.of(a + b), RootMean.of(a).merge(RootMean.of(b))
    assert parts[:2] == whole[:2] == (len(a + b), sum(map(len, a + b)))
    assert parts.total == pytest.approx(whole.total)
    assert parts.moments == pytest.approx(whole.moments)


@given(many)
def test_the_interval_of_a_root_holds_it(a: list[list[float]]) -> None:
    tally = RootMean.of(a)
    value, low, high = tally.interval()
    squares = [square for block in a for square in block]
    if squares:
        assert value == pytest.approx(math.sqrt(np.mean(squares)))
        assert low <= value <= high
        assert tally.relative_half_width() >= 0.0


def test_a_root_of_nothing_is_unknown_and_adds_nothing_but_its_blocks() -> None:
    nothing, some = RootMean.of([[], []]), RootMean.of([[1.0, 4.0], [2.0]])
    assert math.isnan(nothing.interval().value)
    assert math.isnan(nothing.mean_square)
    assert nothing.interval()[1:] == (0.0, math.inf)
    assert math.isinf(nothing.relative_half_width())
    both = nothing.merge(some)
    assert both.mean_square == some.mean_square
    assert both.blocks == 4
    assert RootMean.of([[4.0, 4.0]]).interval() == (2.0, 0.0, math.inf)


def test_roots_that_are_alike_in_all_blocks_are_exact() -> None:
    assert RootMean.of([[0.3, 0.3], [0.3], [], [0.3, 0.3, 0.3]]).interval() == pytest.approx([math.sqrt(0.3)] * 3)


def test_the_interval_of_a_root_is_that_of_hall() -> None:
    """His transformation of t, put in numbers: both ends have it equal to the quantiles of Student's law.

    Its freedom is that of equal blocks with the same sum and sum of squares.
    """
    sums, counts = np.array([5.0, 1.0, 0.5, 9.0, 2.0, 0.2]), np.array([2, 1, 1, 3, 2, 1])
    rests = sums - sums.sum() / counts.sum() * counts
    deviation = math.sqrt(rests @ rests / 5.0 * 6.0) / counts.sum()
    skewness = float(np.mean(rests**3) / np.mean(rests**2) ** 1.5) / math.sqrt(6.0)
    value, low, high = RootMean.of([[s / k] * k for s, k in zip(sums, counts, strict=True)]).interval()
    for end, quantile in ((low, 0.975), (high, 0.025)):
        t = (value**2 - end**2) / deviation
        moved = t + skewness * t**2 / 3.0 + skewness**2 * t**3 / 27.0 + skewness / 6.0
        freedom = sums.sum() ** 2 / (sums @ sums) - 1.0
        assert moved == pytest.approx(stats.t.ppf(quantile, freedom)) or end == 0.0


@pytest.mark.parametrize(("tail", "scenes"), [(None, 30), (2.5, 20), (1.2, 20), (1.2, 100)])
def test_intervals_of_roots_cover_errors_of_unlike_targets(
    tail: float | None, scenes: int, rng: np.random.Generator
) -> None:
    """Of scenes of six targets whose bounds are alike or have tails so heavy that a few hold most of the mean.

    What an interval should hold is the root of the mean bound over the very targets that were drawn.
    """
    inside, experiments = 0, 2000 if scenes < 100 else 800
    for _ in range(experiments):
        bounds = np.ones((scenes, 6)) if tail is None else rng.pareto(tail, (scenes, 6)) + 1.0
        _, low, high = RootMean.of((bounds * rng.standard_normal((scenes, 6)) ** 2).tolist()).interval()
        inside += low <= math.sqrt(bounds.mean()) <= high
    chance = stats.binomtest(inside, experiments, CONFIDENCE - 0.02, alternative="less").pvalue
    assert chance > FALSE_ALARM, f"{inside} of {experiments} intervals hold the root"
