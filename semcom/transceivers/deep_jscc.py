"""What the DeepJSCC transceivers share: pictures straight to symbols and back."""

from fractions import Fraction
from typing import Any, ClassVar, Self

from pydantic import model_validator

from semcom.errors import UserError
from semcom.sources.source import Yields
from semcom.transceivers.learned import Learned
from semcom.transceivers.ratio import BandwidthRatio
from semcom.transceivers.transceiver import Cost, Csi, Unit
from semcom_channels import Received
from semcom_channels.tensors import Symbols, Tensor

STRIDE = 4  # pixels of a side that one latent vector stands for
COLOURS = 3
LEAST_ERROR = 1e-8
SIZE_BITS = 32  # two 16-bit numbers tell the receiver the picture's size


class DeepJscc(Learned):
    """Convolutions map a picture to a latent at a quarter of its size, whose values are the symbols.

    picture -> encoder -> power -> symbols ... received -> decoder -> picture
    """

    takes: ClassVar[tuple[Yields, ...]] = ("images",)
    bandwidth_ratio: BandwidthRatio = Fraction(1, 12)
    """Channel uses per source value, k/n; a multiple of 1/48, which is one symbol for each 4x4 patch."""

    @model_validator(mode="after")
    def _the_ratio_gives_whole_symbols(self) -> Self:
        if (self.bandwidth_ratio * STRIDE**2 * COLOURS).denominator != 1:
            raise ValueError(f"bandwidth_ratio is {self.bandwidth_ratio}; expected a multiple of 1/48")
        return self

    @property
    def latent_channels(self) -> int:
        """Real values for each 4x4 patch, two a symbol."""
        return int(2 * self.bandwidth_ratio * STRIDE**2 * COLOURS)

    def cost(self, unit: Unit) -> Cost:
        """K = (height / 4) (width / 4) channels / 2 symbols; no bits."""
        rows, columns, colours = unit
        if rows % STRIDE or columns % STRIDE or colours != COLOURS:
            raise UserError(
                f"{self.kind} sends colour pictures with sides in multiples of {STRIDE} pixels; given {unit}"
            )
        uses = (rows // STRIDE) * (columns // STRIDE) * self.latent_channels // 2
        return Cost(uses, None, SIZE_BITS)

    def send(self, networks: Any, data: Tensor, csi: Csi) -> Symbols:
        """The latent as symbols of unit average power."""
        from semcom.transceivers.power import complex_symbols, unit_average_power

        return unit_average_power(complex_symbols(networks.encode(data, csi)))

    def understand(self, networks: Any, received: Received, unit: Unit) -> Tensor:
        """The decoder's picture, `[batch, height, width, 3]` in [0, 1]."""
        from semcom.transceivers.power import real_values
        from semcom_channels.backend import tf

        shape = [-1, unit[0] // STRIDE, unit[1] // STRIDE, self.latent_channels]
        return networks.decode(tf.reshape(real_values(received.y), shape), received)

    def loss(
        self, networks: Any, data: Tensor, labels: Tensor, symbols: Symbols, received: Received, understood: Tensor
    ) -> Tensor:
        """The logarithm of the mean square error, so that steps at high and at low SNR weigh alike."""
        from semcom_channels.backend import tf

        return tf.math.log(tf.reduce_mean(tf.square(data - understood)) + LEAST_ERROR)
