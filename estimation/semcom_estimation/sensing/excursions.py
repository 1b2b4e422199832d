"""How high noise alone reaches, anywhere in the fields of view."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from semcom_estimation.sensing.compression.maps import lone_information
from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap

POINTS = 129


def threshold(maps: Sequence[ModeMap], views: Sequence[Interval], false_alarm: float, free: int | None = None) -> float:
    """The u that max |b* w|^2 / |b|^2 exceeds with probability `false_alarm` for noise w of unit variance.

    The maximum runs over all frequencies in the views, not over a grid. Expected Euler characteristic of the excursion
    set of a chi-squared field with two degrees of freedom, excursions being a Poisson process. [Adler & Taylor 2007,
    theorem 15.10.1; Worsley 1994; Aldous 1989]
    Where the variance is estimated from `free` samples, u is that of -(free - 1) log(1 - |b* w|^2 / |b|^2 |w|^2): tubes
    around a manifold of the sphere are the wider, the fewer the samples. [Knowles & Siegmund 1989]
    """
    lengths = tuple(_length(one, view) for one, view in zip(maps, views, strict=True))
    return _threshold(lengths, false_alarm, free)


@lru_cache(maxsize=64)
def _length(one: ModeMap, view: Interval) -> float:
    """The mode's view in units of the field's own correlation: the integral of the root of E|z'|^2 for E|z|^2 = 1."""
    frequencies = np.linspace(*view, POINTS)
    power = np.sum(np.abs(one.respond(frequencies).values) ** 2, axis=0)
    return float(np.trapezoid(np.sqrt(lone_information(one, frequencies) / power), frequencies))


@lru_cache(maxsize=256)
def _threshold(lengths: tuple[float, ...], false_alarm: float, free: int | None) -> float:
    from scipy.optimize import brentq

    intrinsic = np.poly1d([1.0])
    for length in lengths:
        intrinsic = intrinsic * np.poly1d([length, 1.0])  # the elementary symmetric polynomials of the lengths
    volumes = intrinsic.coeffs[::-1]
    expected = -math.log1p(-false_alarm)

    def excess(u: float) -> float:
        wider = 1.0 if free is None else _wider(u, free)
        terms = (volume * wider**place * _density(place, 2.0 * u) for place, volume in enumerate(volumes))
        return float(sum(terms) - expected)

    lowest = 0.5 * len(lengths) + 1.0  # below, characteristics of noise may be negative
    return lowest if excess(lowest) <= 0.0 else float(brentq(excess, lowest, 700.0))


def _wider(u: float, free: int) -> float:
    """Tangent over angle of a tube, as it were: the root of x / (1 - x) over that of u / (free - 1)."""
    share = u / max(free - 1, 1)
    return math.sqrt(math.expm1(share) / share)


def _density(dimension: int, t: float) -> float:
    """The Euler characteristic density of a chi-squared field of two degrees of freedom at t."""
    if dimension == 0:
        return math.exp(-t / 2.0)
    total = 0.0
    for twice in range((dimension - 1) // 2 + 1):
        for place in range(dimension - 2 * twice):
            chosen = dimension - 1 - place - 2 * twice
            if chosen <= 1:
                sign = -1.0 if (dimension - 1 + place + twice) % 2 else 1.0
                ways = math.factorial(dimension - 1) / (math.factorial(place) * math.factorial(twice) * 2.0**twice)
                total += sign * ways * t ** (place + twice)
    scale = t ** ((2 - dimension) / 2.0) * math.exp(-t / 2.0)
    return float(scale / (2.0 * math.pi) ** (dimension / 2.0) * total)
