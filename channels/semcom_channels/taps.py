"""Taps of sinc pulses, cut off some samples before the first and after the last path, and what a receiver sees of them.

Its window opens `EARLY` samples before the cyclic prefix ends, or with the prefix where that is shorter.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from semcom_channels.ofdm_grid import EARLY, OfdmGrid

if TYPE_CHECKING:
    from semcom_channels.grid_channel import PathChannel

FIRST_TAP = -EARLY
"""The delay of the first tap in samples, before the first path by the pulse's skirt."""


def last_tap(channel: "PathChannel") -> int:
    """The delay of the last tap in samples."""
    return int(np.ceil(channel.longest_delay_s() * channel.grid.sample_rate_hz)) + EARLY


def window(grid: OfdmGrid) -> tuple[int, int]:
    """The first sample of an OFDM symbol with its prefix that the receiver transforms, and the one after the last."""
    begin = grid.prefix - min(EARLY, grid.prefix)
    return begin, begin + grid.subcarriers


def inside(grid: OfdmGrid, delays: np.ndarray) -> np.ndarray:
    """Whether what a tap of that delay in samples brings to a sample of the window is of the same symbol,
    `[sample, tap]` bool.

    Only that much of a tap is a cyclic convolution; the rest comes from the symbols before and after.
    """
    sent = np.arange(*window(grid))[:, None] - delays
    return np.asarray((sent >= 0) & (sent < grid.subcarriers + grid.prefix))


def transform(grid: OfdmGrid, delays: np.ndarray) -> np.ndarray:
    """exp(-2 pi j f l / rate), `[tap, subcarrier]` complex128, for taps at delays in samples."""
    cycles = np.outer(delays, np.asarray(grid.frequencies_hz) / grid.sample_rate_hz)
    return np.asarray(np.exp(-2j * np.pi * cycles))


def responses(channel: "PathChannel", delays_s: Any) -> np.ndarray:
    """What a unit path of each delay does at each subcarrier, `[path, subcarrier]` complex128.

    exp(-2 pi j f tau) in the frequency domain; in the time domain the transform of the path's taps, as far as they stay
    inside the symbol, and nothing for paths later than all taps.
    """
    grid, late = channel.grid, np.asarray(delays_s, np.float64) * channel.grid.sample_rate_hz
    if channel.domain == "frequency":
        return transform(grid, late)
    taps = np.arange(FIRST_TAP, last_tap(channel) + 1)
    pulses = np.sinc(taps - late[:, None]) * inside(grid, taps).mean(axis=0)
    return np.asarray((pulses * (late <= taps[-1] - EARLY)[:, None]) @ transform(grid, taps))
