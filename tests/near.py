"""How near is near enough: tolerances that come from the sample, at a false alarm of 1e-9."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

FALSE_ALARM = 1e-9


def assert_rate(errors: int, trials: int, rate: float) -> None:
    """Fails when `errors` among independent `trials` contradict `rate`, by the exact binomial test."""
    chance = stats.binomtest(errors, trials, rate).pvalue
    assert chance > FALSE_ALARM, f"{errors}/{trials} = {errors / trials:.3g} contradicts {rate:.3g} (p = {chance:.1e})"


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
