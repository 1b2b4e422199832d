"""How near is near enough: tolerances that come from the sample, at a false alarm of 1e-9."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from semcom.tally import Rate

FALSE_ALARM = 1e-9


def assert_rate(errors: int, trials: int, rate: float) -> None:
    """Fails when `errors` among independent `trials` contradict `rate`, by the exact binomial test."""
    chance = stats.binomtest(errors, trials, rate).pvalue
    assert chance > FALSE_ALARM, f"{errors}/{trials} = {errors / trials:.3g} contradicts {rate:.3g} (p = {chance:.1e})"


def assert_same_rate(errors: int, others: int, trials: int) -> None:
    """Fails when two counts among as many independent `trials` contradict one rate, by Fisher's exact test."""
    chance = stats.fisher_exact([[errors, trials - errors], [others, trials - others]]).pvalue
    assert chance > FALSE_ALARM, f"{errors} against {others} errors in {trials} trials (p = {chance:.1e})"
    assert 0 < errors < trials  # on the slope, where the rates say something


def assert_block_rate(tally: Rate, rate: float) -> float:
    """Fails when the errors of independent blocks contradict `rate`, by the binomial test at their effective number.

    Errors inside a block may come together: trials count by the ratio of the binomial variance to the variance between
    blocks, where that is below 1. Returns the distance in standard errors.
    """
    blocks, errors, trials, squares = tally
    between = (blocks * squares - errors**2) / blocks / (blocks - 1)
    clustering = max(1.0, between / (trials / blocks * rate * (1.0 - rate)))
    assert_rate(round(errors / clustering), round(trials / clustering), rate)
    return float((errors - trials * rate) / np.sqrt(trials * rate * (1.0 - rate) * clustering))


def assert_mean(values: ArrayLike, mean: float) -> None:
    """Fails when independent `values` contradict a `mean`, by their standard error."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    error = float(sample.std(ddof=1) / np.sqrt(sample.size))
    distance = abs(float(sample.mean()) - mean) / max(error, 1e-300)
    limit = float(stats.norm.isf(FALSE_ALARM / 2))
    assert distance < limit, f"mean {sample.mean():.6g} is {distance:.1f} standard errors from {mean:.6g}"


def assert_law(values: ArrayLike, law: str, parameters: tuple[float, ...] = ()) -> None:
    """Fails when independent `values` contradict a SciPy law, by the Kolmogorov-Smirnov test."""
    sample = np.asarray(values, dtype=np.float64).ravel()
    chance = stats.kstest(sample, law, args=parameters).pvalue
    assert chance > FALSE_ALARM, f"{sample.size} values contradict {law}{parameters} (p = {chance:.1e})"


def assert_chi_square(total: float, freedom: int) -> None:
    """Fails when a sum of `freedom` squared errors over their variances is no chi-square, by its exact interval.

    There must be so many that stated deviations 1.5 times too small or too large would be seen.
    """
    low, high = stats.chi2.ppf(FALSE_ALARM / 2, freedom), stats.chi2.isf(FALSE_ALARM / 2, freedom)
    missed = 1e-3
    assert high < 1.5**2 * stats.chi2.ppf(missed, freedom), f"{freedom} errors are too few"
    assert low > stats.chi2.isf(missed, freedom) / 1.5**2, f"{freedom} errors are too few"
    assert low < total < high, f"{total:.1f} over {freedom} errors; expected {low:.1f} to {high:.1f}"
