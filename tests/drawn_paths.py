"""Paths drawn from channels, for tests: equal draws are made once."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from semcom_channels.grid_channel import PathChannel


@cache
def drawn(
    channel: "PathChannel", seed: int, batch: int, times: int = 14, rate_hz: float = 28e3
) -> tuple[np.ndarray, np.ndarray]:
    """Gains `[batch, rx, tx, path, time]` complex128 and delays in s, `[path]` or `[batch, path]`."""
    gains, delays = channel.paths(seed, batch, times, rate_hz)
    return np.asarray(gains, np.complex128), np.asarray(delays, np.float64)
