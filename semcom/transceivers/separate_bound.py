"""The bound of separate source and channel coding with a given source codec."""

import math
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from semcom.codecs import CODECS, Avif, Codec
from semcom.sources.source import Yields
from semcom.transceivers.bound import Bound
from semcom.transceivers.ratio import BandwidthRatio
from semcom.transceivers.separate import uses_of
from semcom.transceivers.transceiver import Cost, Csi, Unit
from semcom_channels.tensors import Tensor
from semcom_channels.units import linear


class SeparateBound(Bound):
    """A source codec and an ideal code: K log2(1 + SNR) bits arrive without errors. [Shannon 1948, theorem 17]

    It bounds `separate` with this codec over AWGN, and over fading of mean gain 1 that code blocks average out, since
    E[log2(1 + |h|^2 SNR)] is smaller (Jensen). A picture that meets one fade may pass it when the fade is lucky.
    """

    kind: Literal["separate_bound"] = "separate_bound"
    takes: ClassVar[tuple[Yields, ...]] = ("images",)
    compiled: ClassVar[bool] = False
    cites: ClassVar[tuple[str, ...]] = ("shannon1948",)
    codec: Annotated[Codec, CODECS] = Avif()
    """What makes bits of a picture."""
    bandwidth_ratio: BandwidthRatio = Fraction(1, 12)
    """Channel uses per source value, k/n; channel uses are rounded down."""

    @property
    def needs_snr(self) -> bool:
        """The capacity follows it."""
        return True

    def check(self) -> None:
        """Raises UserError when the codec is not installed."""
        self.codec.check()

    def cost(self, unit: Unit) -> Cost:
        """K = floor(k/n height width colours) channel uses."""
        return Cost(uses_of(self.bandwidth_ratio, unit), None, 0)

    def budget_bits(self, unit: Unit, snr_db: float) -> int:
        """floor(K log2(1 + SNR))."""
        return math.floor(uses_of(self.bandwidth_ratio, unit) * math.log2(1.0 + linear(snr_db)))

    def ideal(self, data: Tensor, csi: Csi) -> Tensor:
        """The codec's own pictures; mid-grey where nothing better fits."""
        import numpy as np

        from semcom_channels.backend import tf

        unit = tuple(data.shape[1:])
        budget = self.budget_bits(unit, float(csi.snr_db))
        coded = [self.codec.compress(picture, budget) for picture in np.asarray(data)]
        empty = np.zeros(0, np.uint8)
        pictures = [self.codec.restore(empty if bits is None else bits, unit) for bits in coded]
        return tf.constant(np.stack(pictures), tf.float32)
