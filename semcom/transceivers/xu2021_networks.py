"""The networks of `xu2021`."""

from typing import Any

from semcom.transceivers.layers import (
    DivisiveNormalisation,
    SnrAttention,
    convolution,
    keras,
    prelu,
    seeds,
    transposed,
)
from semcom_channels.backend import tf


class Networks(keras.Model):  # type: ignore[misc]
    """Five feature-learning modules each way with attention between them. [Xu et al. 2021, figures 3 and 4]"""

    def __init__(self, latent_channels: int, filters: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        self.encoder_features = [
            keras.Sequential([convolution(filters, 5, stride, next(source)), DivisiveNormalisation(), prelu()])
            for stride in (2, 2, 1, 1)
        ]
        self.encoder_attention = [SnrAttention(filters, next(source)) for _ in range(4)]
        self.to_latent = convolution(latent_channels, 5, 1, next(source))
        self.decoder_features = [
            keras.Sequential(
                [transposed(filters, 5, stride, next(source)), DivisiveNormalisation(inverse=True), prelu()]
            )
            for stride in (1, 1, 1, 2)
        ]
        self.decoder_attention = [SnrAttention(filters, next(source)) for _ in range(4)]
        self.to_picture = transposed(3, 5, 2, next(source))

    def encode(self, pictures: Any, csi: Any) -> Any:
        """Latents `[batch, height / 4, width / 4, channels]`."""
        snr_db = tf.fill([tf.shape(pictures)[0], 1], tf.cast(csi.snr_db, tf.float32))
        values = 2.0 * pictures - 1.0
        for features, attention in zip(self.encoder_features, self.encoder_attention, strict=True):
            values = attention(features(values), snr_db)
        return self.to_latent(values)

    def decode(self, latents: Any, received: Any) -> Any:
        """Pictures `[batch, height, width, 3]` in [0, 1]; the SNR is the one that each unit met."""
        noise = tf.reduce_mean(received.no, axis=1, keepdims=True)
        snr_db = -10.0 * tf.math.log(noise) / tf.math.log(10.0)
        values = latents
        for features, attention in zip(self.decoder_features, self.decoder_attention, strict=True):
            values = attention(features(values), snr_db)
        return tf.sigmoid(self.to_picture(values))
