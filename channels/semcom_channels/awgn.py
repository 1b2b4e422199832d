"""Additive white Gaussian noise."""

import math
from typing import ClassVar, Literal

from semcom_channels.channel import Channel, Realisation
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor
from semcom_channels.units import linear


class Awgn(Channel):
    """y = x + w with w ~ CN(0, N0). [Shannon 1948]"""

    kind: Literal["awgn"] = "awgn"
    cites: ClassVar[tuple[str, ...]] = ("shannon1948",)

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation whose gain is 1."""
        from semcom_channels.flat import flat, unit_gain

        return flat(unit_gain(), shape, snr_db, streams)

    def capacity(self, snr_db: float) -> float:
        """log2(1 + SNR) bits per channel use."""
        return math.log2(1.0 + linear(snr_db))
