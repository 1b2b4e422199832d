"""Rician block fading."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom_channels.channel import Channel, Realisation
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor
from semcom_channels.units import linear


class Rician(Channel):
    """y = h x + w with h = sqrt(K/(K+1)) + sqrt(1/(K+1)) s, s ~ CN(0, 1). [Tse & Viswanath 2005, eq. 2.55]

    The line of sight has phase zero.
    """

    kind: Literal["rician"] = "rician"
    cites: ClassVar[tuple[str, ...]] = ("tse2005",)
    k_factor_db: Annotated[float, Field(ge=-60.0, le=60.0)] = 10.0
    """Power of the line of sight over the scattered power, in dB."""
    coherence_uses: Annotated[int, Field(ge=1)] | None = None
    """Channel uses that share one gain; null: all uses of a source unit share it."""

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation with complex gains of unit mean power."""
        from semcom_channels.flat import flat, scattered_gains

        k_factor = linear(self.k_factor_db)
        direct, scattered = math.sqrt(k_factor / (k_factor + 1)), math.sqrt(1 / (k_factor + 1))
        gains = direct + scattered * scattered_gains(shape, self.coherence_uses, streams)
        return flat(gains, shape, snr_db, streams)

    def capacity(self, snr_db: float) -> float:
        """E log2(1 + |h|^2 SNR), by quadrature over the noncentral chi-square law of |h|^2."""
        from scipy.integrate import quad
        from scipy.stats import ncx2

        k_factor, snr = linear(self.k_factor_db), linear(snr_db)
        scale = 2.0 * (k_factor + 1.0)

        def integrand(quantile: float) -> float:
            return math.log1p(snr * float(ncx2.ppf(quantile, 2, 2.0 * k_factor)) / scale) / math.log(2.0)

        return float(quad(integrand, 0.0, 1.0, epsabs=0.0, epsrel=1e-8, limit=200)[0])
