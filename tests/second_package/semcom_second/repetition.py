"""Repetition of BPSK."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom.sources.source import Yields
from semcom.transceivers import Cost, Csi, Transceiver, Unit
from semcom_channels import Received
from semcom_channels.tensors import Symbols, Tensor


class Repetition(Transceiver):
    """Each bit as `times` BPSK symbols, decided by their sum. [Proakis & Salehi 2008, section 7.2]"""

    kind: Literal["repetition"] = "repetition"
    takes: ClassVar[tuple[Yields, ...]] = ("bits",)
    times: Annotated[int, Field(ge=1)] = 3
    """Symbols a bit."""

    def cost(self, unit: Unit) -> Cost:
        """`times` channel uses a bit."""
        return Cost(self.times * unit[0], self.times * unit[0], 0)

    def encode(self, data: Tensor, csi: Csi) -> Symbols:
        """+1 for 0 and -1 for 1."""
        from semcom_channels.backend import tf

        symbols = tf.repeat(1.0 - 2.0 * data, self.times, axis=1)
        return tf.complex(symbols, tf.zeros_like(symbols))

    def decode(self, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """The sign of the sum."""
        from semcom_channels.backend import tf

        sums = tf.reduce_sum(tf.reshape(tf.math.real(received.y), [-1, unit[0], self.times]), axis=2)
        return tf.cast(sums < 0.0, tf.float32)
