"""Rayleigh block fading."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom_channels.channel import Channel, Realisation
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor
from semcom_channels.units import linear


class Rayleigh(Channel):
    """y = h x + w with h ~ CN(0, 1), one h per coherence block. [Tse & Viswanath 2005, section 2.4]"""

    kind: Literal["rayleigh"] = "rayleigh"
    cites: ClassVar[tuple[str, ...]] = ("tse2005",)
    coherence_uses: Annotated[int, Field(ge=1)] | None = None
    """Channel uses that share one gain; null: all uses of a source unit (a packet, a picture) share it."""

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation with complex gains of unit mean power."""
        from semcom_channels.flat import flat, scattered_gains

        return flat(scattered_gains(shape, self.coherence_uses, streams), shape, snr_db, streams)

    def capacity(self, snr_db: float) -> float:
        """E log2(1 + |h|^2 SNR) = exp(1/SNR) E1(1/SNR) / ln 2. [Lee 1990, eq. 5; Goldsmith & Varaiya 1997]"""
        from scipy.special import exp1

        inverse = 1.0 / linear(snr_db)
        if inverse > 500.0:  # exp overflows; exp(x) E1(x) = 1/x - 1/x^2 + 2/x^3 - 6/x^4 + ..., to a relative 4e-10
            snr = 1.0 / inverse
            return snr * (1.0 - snr * (1.0 - 2.0 * snr * (1.0 - 3.0 * snr))) / math.log(2.0)
        return float(math.exp(inverse) * exp1(inverse) / math.log(2.0))
