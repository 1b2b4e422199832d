"""Modulation and coding schemes, and the lowest SNR at which each is reliable."""

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation

THRESHOLDS = Path(__file__).with_name("mcs_thresholds.json")
INDEX_BITS = 5  # tell the receiver the scheme, as in 5G


class Mcs(NamedTuple):
    """A modulation and a code rate. [3GPP 38.214, tables 5.1.3.1-2 and -3]"""

    modulation: Modulation
    code_rate: float

    @property
    def bits_per_use(self) -> float:
        """Information bits per channel use."""
        return self.code_rate * BITS_PER_SYMBOL[self.modulation]


def _of(modulation: Modulation, *rates: float) -> tuple[Mcs, ...]:
    return tuple(Mcs(modulation, rate / 1024.0) for rate in rates)


TABLE: tuple[Mcs, ...] = (
    *_of("qpsk", 30.0, 40.0, 50.0, 64.0, 78.0, 99.0, 120.0, 157.0, 193.0, 251.0, 308.0, 379.0, 449.0, 526.0, 602.0),
    *_of("16qam", 378.0, 490.0, 616.0),
    *_of("64qam", 466.0, 567.0, 666.0, 772.0, 873.0),
    *_of("256qam", 682.5, 797.0, 885.0, 948.0),
)
"""From the slowest to the fastest: QPSK of 3GPP's table for low spectral efficiency, the rest of that for 256QAM."""


def threshold_db(mcs: Mcs, information_bits: int) -> float:
    """The SNR in dB from which a block is reliable over AWGN, as `measure_mcs` found it.

    A block of 3,800 information bits is lost with a chance of at most 1e-3, so that a picture of ten blocks is lost
    once in a hundred; a short one, which is a whole unit by itself, of at most 1e-2. Linear between the measured
    lengths in log2 of the length; outside them as at the nearest.
    """
    return at_length(_measured()["snr_db"][name_of(mcs)], _measured()["information_bits"], information_bits)


def error_rate_at_threshold(information_bits: int) -> float:
    """The chance that a block of that length is lost at its threshold; between the measured lengths geometric."""
    rates = [math.log(rate) for rate in _measured()["block_error_rate"]]
    return math.exp(at_length(rates, _measured()["information_bits"], information_bits))


def at_length(values: Sequence[float], lengths: Sequence[int], information_bits: int) -> float:
    """What was measured at some lengths, at another one: linear in log2 of it, outside as at the nearest."""
    at = min(max(math.log2(information_bits), math.log2(lengths[0])), math.log2(lengths[-1]))
    for index in range(len(lengths) - 1):
        low, high = math.log2(lengths[index]), math.log2(lengths[index + 1])
        if at <= high:
            share = (at - low) / (high - low)
            return values[index] + share * (values[index + 1] - values[index])
    return values[-1]


def name_of(mcs: Mcs) -> str:
    """The scheme's name in the file of thresholds, such as "16qam 490/1024"."""
    return f"{mcs.modulation} {mcs.code_rate * 1024.0:g}/1024"


@cache
def _measured() -> Any:
    return json.loads(THRESHOLDS.read_text())
