"""The networks of `dct_jscc`."""

from typing import Any

import numpy as np

from semcom.transceivers.layers import SnrAttention, convolution, dense, keras, prelu, seeds, transposed
from semcom_channels.backend import tf

BLOCK = 4
COLOURS = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]])  # BT.601: Y, Cb, Cr
CHROMA_WEIGHT = 3.0  # a chroma coefficient comes as late as a luma coefficient of three times its frequency


class Networks(keras.Model):  # type: ignore[misc]
    """Linear transforms that start as the DCT, gains by SNR, and convolutions beside them that start at zero."""

    def __init__(self, latent_channels: int, filters: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        basis = dct_basis(latent_channels)
        constant = keras.initializers.Constant
        self.forward = keras.layers.Conv2D(
            latent_channels, BLOCK, BLOCK, use_bias=False, kernel_initializer=constant(basis)
        )
        self.backward = keras.layers.Conv2DTranspose(
            3, BLOCK, BLOCK, use_bias=False, kernel_initializer=constant(basis)
        )
        self.sending_gains = gains(latent_channels, next(source))
        self.receiving_gains = gains(latent_channels, next(source))
        self.analysis = [keras.Sequential([convolution(filters, 5, 2, next(source)), prelu()]) for _ in range(2)]
        self.analysis_attention = [SnrAttention(filters, next(source)) for _ in range(2)]
        self.to_latent = keras.layers.Conv2D(latent_channels, 3, 1, "same", kernel_initializer="zeros")
        self.synthesis = [
            keras.Sequential([convolution(filters, 5, 1, next(source)), prelu()]),
            keras.Sequential([convolution(filters, 5, 1, next(source)), prelu()]),
            keras.Sequential([transposed(filters, 5, 2, next(source)), prelu()]),
        ]
        self.synthesis_attention = [SnrAttention(filters, next(source)) for _ in range(3)]
        self.to_picture = keras.layers.Conv2DTranspose(3, 5, 2, "same", kernel_initializer="zeros")

    def encode(self, pictures: Any, csi: Any) -> Any:
        """Latents `[batch, height / 4, width / 4, channels]`."""
        snr_db = tf.fill([tf.shape(pictures)[0], 1], tf.cast(csi.snr_db, tf.float32))
        values = pictures - 0.5
        linear = self.forward(values)
        for features, attention in zip(self.analysis, self.analysis_attention, strict=True):
            values = attention(features(values), snr_db)
        return (linear + self.to_latent(values)) * self.sending_gains(snr_db / 10.0)[:, None, None, :]

    def decode(self, latents: Any, received: Any) -> Any:
        """Pictures `[batch, height, width, 3]` in [0, 1]; the SNR is the one that each unit met."""
        noise = tf.reduce_mean(received.no, axis=1, keepdims=True)
        snr_db = -10.0 * tf.math.log(noise) / tf.math.log(10.0)
        scaled = latents * self.receiving_gains(snr_db / 10.0)[:, None, None, :]
        values = scaled
        for features, attention in zip(self.synthesis, self.synthesis_attention, strict=True):
            values = attention(features(values), snr_db)
        return tf.clip_by_value(self.backward(scaled) + self.to_picture(values) + 0.5, 0.0, 1.0)


def gains(count: int, seed: int) -> Any:
    """Positive gains that follow the SNR and start at 1."""
    return keras.Sequential(
        [
            keras.Input((1,)),
            dense(16, "tanh", seed),
            keras.layers.Dense(count, "exponential", kernel_initializer="zeros"),
        ]
    )


def dct_basis(count: int) -> Any:
    """The `count` orthonormal 4x4 DCT patterns of lowest frequency over luma and chroma, `[4, 4, 3, count]` float32."""
    places = np.arange(BLOCK)
    cosines = np.cos(np.pi * (places[None, :] + 0.5) * places[:, None] / BLOCK)
    cosines /= np.linalg.norm(cosines, axis=1, keepdims=True)
    colours = np.linalg.qr(COLOURS.T)[0].T
    patterns = [
        ((1.0 + row + column) * (1.0 if colour == 0 else CHROMA_WEIGHT), row, column, colour)
        for row in range(BLOCK)
        for column in range(BLOCK)
        for colour in range(3)
    ]
    chosen = sorted(patterns)[:count]
    basis = [
        np.einsum("i,j,k->ijk", cosines[row], cosines[column], colours[colour]) for _, row, column, colour in chosen
    ]
    return np.stack(basis, axis=-1).astype(np.float32)
