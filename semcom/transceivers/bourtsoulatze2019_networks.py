"""The networks of `bourtsoulatze2019`."""

from typing import Any

from semcom.transceivers.layers import convolution, keras, prelu, seeds, transposed

ENCODER = ((16, 2), (32, 2), (32, 1), (32, 1))  # filters and stride, kernels 5x5
DECODER = ((32, 1), (32, 1), (32, 1), (16, 2))


class Networks(keras.Model):  # type: ignore[misc]
    """Convolutions 16/2, 32/2, 32, 32, c and back. [Bourtsoulatze et al. 2019, figure 2]"""

    def __init__(self, latent_channels: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        encoder: list[Any] = []
        for filters, stride in ENCODER:
            encoder += [convolution(filters, 5, stride, next(source)), prelu()]
        encoder.append(convolution(latent_channels, 5, 1, next(source)))
        decoder: list[Any] = []
        for filters, stride in DECODER:
            decoder += [transposed(filters, 5, stride, next(source)), prelu()]
        decoder += [transposed(3, 5, 2, next(source)), keras.layers.Activation("sigmoid")]
        self.encoder = keras.Sequential([keras.Input((None, None, 3)), *encoder])
        self.decoder = keras.Sequential([keras.Input((None, None, latent_channels)), *decoder])

    def encode(self, pictures: Any, csi: Any) -> Any:
        """Latents `[batch, height / 4, width / 4, channels]`."""
        return self.encoder(2.0 * pictures - 1.0)

    def decode(self, latents: Any, received: Any) -> Any:
        """Pictures `[batch, height, width, 3]` in [0, 1]."""
        return self.decoder(latents)
