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

COLOURS = 3
RATIO_PIXELS = 16  # that the smallest bandwidth ratio spends a symbol on
LEAST_ERROR = 1e-8
SIZE_BITS = 32  # two 16-bit numbers tell the receiver the picture's size


class DeepJscc(Learned):
    """Networks map each patch of a picture to a vector of a latent, whose values are the symbols.

    picture -> encoder -> power -> symbols ... received -> decoder -> picture
    """

    takes: ClassVar[tuple[Yields, ...]] = ("images",)
    bandwidth_ratio: BandwidthRatio = Fraction(1, 12)
    """Channel uses per source value, k/n; a multiple of 1/48, which is one symbol for 4x4 pixels."""

    @model_validator(mode="after")
    def _the_ratio_gives_whole_symbols(self) -> Self:
        if (self.bandwidth_ratio * RATIO_PIXELS * COLOURS).denominator != 1:
            raise ValueError(f"bandwidth_ratio is {self.bandwidth_ratio}; expected a multiple of 1/48")
        return self

    @property
    def stride(self) -> int:
        """Pixels of a side that one latent vector stands for."""
        return 4

    @property
    def latent_channels(self) -> int:
        """Real values for each patch, two a symbol."""
        return int(2 * self.bandwidth_ratio * self.stride**2 * COLOURS)

    @property
    def side_bits(self) -> int:
        """Bits that the receiver knows besides the symbols."""
        return SIZE_BITS

    def cost(self, unit: Unit) -> Cost:
        """K = (height / stride) (width / stride) channels / 2 symbols; no bits."""
        rows, columns, colours = unit
        if rows % self.stride or columns % self.stride or colours != COLOURS:
            raise UserError(
                f"{self.kind} sends colour pictures with sides in multiples of {self.stride} pixels; given {unit}"
            )
        uses = (rows // self.stride) * (columns // self.stride) * self.latent_channels // 2
        return Cost(uses, None, self.side_bits)

    def send(self, networks: Any, data: Tensor, csi: Csi) -> Symbols:
        """The latent as symbols of unit average power."""
        from semcom.transceivers.power import complex_symbols, unit_average_power

        return unit_average_power(complex_symbols(networks.encode(data, csi)))

    def understand(self, networks: Any, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """The decoder's picture, `[batch, height, width, 3]` in [0, 1], of symbols weighted by their noise."""
        from semcom.transceivers.power import mmse_weighted

        weighted = mmse_weighted(received)
        return networks.decode(self.latents(weighted, unit), weighted)

    def latents(self, received: Received, unit: Unit) -> Tensor:
        """The received values, `[batch, height / stride, width / stride, channels]`."""
        from semcom.transceivers.power import real_values
        from semcom_channels.backend import tf

        return tf.reshape(real_values(received.y), self.latent_shape(unit))

    def latent_shape(self, unit: Unit) -> tuple[int, int, int, int]:
        """The shape of a batch of latents; -1 for the batch."""
        return (-1, unit[0] // self.stride, unit[1] // self.stride, self.latent_channels)

    def loss(
        self, networks: Any, data: Tensor, labels: Tensor, symbols: Symbols, received: Received, understood: Tensor
    ) -> Tensor:
        """The mean over pictures of the logarithm of the square error: mean PSNR, but for sign and scale."""
        from semcom_channels.backend import tf

        errors = tf.reduce_mean(tf.square(data - understood), axis=[1, 2, 3])
        return tf.reduce_mean(tf.math.log(errors + LEAST_ERROR))
