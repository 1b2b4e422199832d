"""Laws of paths that have no closed form, from a sample of them."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.linalg import toeplitz

from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.covariance import Covariance
from semcom_channels.path_law import longest_delay_s as longest_of
from semcom_channels.path_law import over_frequency

if TYPE_CHECKING:
    from semcom_channels.drop import Drop

UNITS = 2000
SEED = 38901


class PathSample(NamedTuple):
    """Paths of many units."""

    gains: np.ndarray
    """`[unit, path, symbol]` complex64."""
    delays: np.ndarray
    """`[unit, path]` in s."""


@lru_cache(maxsize=8)
def sampled(channel: "Drop") -> PathSample:
    """Always the same units, between one element of each array."""
    ends = {"terminal": Ula(pattern=channel.terminal.pattern), "base": Ula(pattern=channel.base.pattern)}
    alone = channel.model_copy(update={**ends, "layers": None, "precoding": "none"})
    with tf.init_scope():
        gains, delays = alone.paths(SEED, UNITS, channel.grid.symbols, 1.0 / channel.grid.symbol_s)
    return PathSample(np.asarray(gains)[:, 0, 0], np.asarray(delays))


def longest_delay_s(channel: "Drop") -> float:
    """The delay of the last path but for those that hold a thousandth of the power together."""
    sample = sampled(channel)
    powers = np.mean(np.abs(sample.gains) ** 2, axis=2)
    return longest_of(tuple(sample.delays.ravel()), tuple(powers.ravel()))


def covariance(channel: "Drop") -> Covariance:
    """Means over the sample along the lags of time and of frequency."""
    sample = sampled(channel)
    powers = np.mean(np.abs(sample.gains) ** 2, axis=2)
    frequency = over_frequency(channel, sample.delays, powers / powers.sum())
    symbols = channel.grid.symbols
    later = [np.sum(sample.gains[..., lag:] * np.conj(sample.gains[..., : symbols - lag])) for lag in range(symbols)]
    steady = np.array([value / (symbols - lag) for lag, value in enumerate(later)])
    steady = steady / steady[0].real
    return Covariance(toeplitz(steady, np.conj(steady))[None], frequency[None])
