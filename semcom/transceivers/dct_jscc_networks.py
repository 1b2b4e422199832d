"""The networks of `dct_jscc`."""

from typing import Any

import numpy as np

from semcom.transceivers.layers import SnrAttention, convolution, dense, keras, prelu, seeds
from semcom_channels.backend import tf

PATCH = 4  # pixels of a side that one vector of the convolutions stands for
LEVEL = (
    0.09375  # a photograph's coefficient has variance LEVEL block ** 2 (1 + frequency) ** SLOPE, by the training split
)
SLOPE = -3.3
COLOUR_VARIANCE = 0.024  # of a colour coefficient, over that of a grey one of the same frequency; fitted likewise
PILOT_SHARE = 0.03  # of the power, before training
SCALE_RANGE = (0.25, 4.0)  # of a picture's scale over the typical one; what noise says beyond it is not believed


class Networks(keras.Model):  # type: ignore[misc]
    """A fixed DCT with power allocation by SNR, a pilot for the picture's scale, and convolutions that start at zero.

    The power constraint scales every picture by another number. The pilot, a constant added to the coefficient of the
    highest frequency, tells the receiver which one; without it the receiver takes the typical one.
    """

    def __init__(self, block: int, latent_channels: int, pilot: bool, filters: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        self.block, self.pilot = block, pilot
        basis, variances = dct_basis(block, latent_channels)
        self.basis = tf.constant(basis)
        self.deviations = tf.constant(np.sqrt(variances))
        strongest = [np.sqrt(PILOT_SHARE * np.sqrt(variances).sum())] if pilot else []
        self.amplitudes = gains(np.append(variances**0.25, strongest))
        self.shrinkage = gains(np.ones(latent_channels))
        halvings = {4: (1, 1, 1), 8: (1, 1, 2), 16: (1, 2, 2)}[block]  # from patches to blocks
        self.analysis = [convolution(filters, 3, stride, next(source)) for stride in halvings]
        self.synthesis = [convolution(filters, 3, 1, next(source)) for _ in range(4)]
        self.bends = [prelu() for _ in range(7)]
        self.attention = [SnrAttention(filters, next(source)) for _ in range(7)]
        self.to_latent = keras.layers.Conv2D(latent_channels, 1, kernel_initializer="zeros")
        self.to_picture = keras.layers.Conv2D(3 * PATCH**2, 3, 1, "same", kernel_initializer="zeros")

    def encode(self, pictures: Any, csi: Any) -> Any:
        """Latents `[batch, height / block, width / block, channels]`."""
        snr_db = _each(csi, pictures)
        values = pictures - 0.5
        coefficients = tf.nn.conv2d(values, self.basis, self.block, "VALID") / self.deviations
        features = tf.nn.space_to_depth(values, PATCH)
        for layer, bend, attend in zip(self.analysis, self.bends[4:], self.attention[4:], strict=True):
            features = attend(bend(layer(features)), snr_db)
        amplitudes, pilot = self._allocation(snr_db)
        return (coefficients + self.to_latent(features)) * amplitudes + pilot

    def decode(self, latents: Any, noise_power: Any, overall: Any, csi: Any) -> Any:
        """Pictures `[batch, height, width, 3]` in [0, 1].

        `noise_power` has the latents' shape and is that of the symbol that each value came in; `overall`, `[batch, 1]`,
        stands for all of the unit. `csi` is what the sender allotted its power by.
        """
        snr_db = -10.0 * tf.math.log(overall) / tf.math.log(10.0)
        amplitudes, pilot = self._allocation(_each(csi, latents))
        scale = self._scale(latents, noise_power, amplitudes, pilot)
        noise = 0.5 * noise_power / tf.square(scale)  # of a real value, before the scale
        wiener = amplitudes / (tf.square(amplitudes) + noise) * self.shrinkage(snr_db / 10.0)[:, None, None, :]
        coefficients = (latents / scale - pilot) * wiener * self.deviations
        blocks = tf.shape(latents)
        shape = tf.stack([blocks[0], blocks[1] * self.block, blocks[2] * self.block, 3])
        linear = tf.nn.conv2d_transpose(coefficients, self.basis, shape, self.block, "VALID")
        features = tf.nn.space_to_depth(linear, PATCH)
        for index, (layer, bend, attend) in enumerate(
            zip(self.synthesis, self.bends[:4], self.attention[:4], strict=True)
        ):
            step = attend(bend(layer(features)), snr_db)
            features = step if index == 0 else features + step
        return tf.clip_by_value(linear + tf.nn.depth_to_space(self.to_picture(features), PATCH) + 0.5, 0.0, 1.0)

    def _allocation(self, snr_db: Any) -> tuple[Any, Any]:
        """Amplitudes and the pilot, each `[batch, 1, 1, channels]`; the pilot is zero but for the last channel."""
        both = self.amplitudes(snr_db / 10.0)[:, None, None, :]
        if not self.pilot:
            return both, tf.zeros_like(both)
        amplitudes, pilot = both[..., :-1], both[..., -1:]
        return amplitudes, tf.concat([tf.zeros_like(amplitudes[..., 1:]), pilot], axis=-1)

    def _scale(self, latents: Any, noise_power: Any, amplitudes: Any, pilot: Any) -> Any:
        """What the power constraint multiplied each picture with, `[batch, 1, 1, 1]`."""
        power = tf.reduce_mean(tf.square(amplitudes) + tf.square(pilot), axis=-1, keepdims=True)
        typical = tf.math.rsqrt(2.0 * power)  # a complex symbol of power 1 holds two values
        if not self.pilot:
            return typical
        trust = 1.0 / (1.0 + noise_power[..., -1:])
        trust /= tf.reduce_sum(trust, axis=[1, 2], keepdims=True)
        heard = tf.reduce_sum(trust * latents[..., -1:], axis=[1, 2], keepdims=True) / pilot[..., -1:]
        return typical * tf.clip_by_value(heard / typical, *SCALE_RANGE)


def _each(csi: Any, batch: Any) -> Any:
    """The sender's SNR for each picture, `[batch, 1]` dB."""
    return tf.fill([tf.shape(batch)[0], 1], tf.cast(csi.snr_db, tf.float32))


def gains(initial: Any) -> Any:
    """Positive gains that follow the SNR in tens of decibels and start at `initial`."""
    biases = keras.initializers.Constant(np.log(initial))
    return keras.Sequential(
        [
            keras.Input((1,)),
            dense(16, "tanh", 0),
            keras.layers.Dense(len(initial), "exponential", kernel_initializer="zeros", bias_initializer=biases),
        ]
    )


def dct_basis(block: int, count: int) -> tuple[Any, Any]:
    """The strongest orthonormal patterns of a block's DCT, `[block, block, 3, count]`, and their variances.

    Both float32, sorted by the variance in photographs.
    """
    places = np.arange(block)
    side = _dct_matrix(block)
    frequency = np.hypot(places[:, None], places[None, :])[..., None]
    variances = LEVEL * block**2 * (1.0 + frequency) ** SLOPE * np.array([1.0, COLOUR_VARIANCE, COLOUR_VARIANCE])
    chosen = np.argsort(-variances.ravel(), kind="stable")[:count]
    rows, columns, colour = np.unravel_index(chosen, variances.shape)
    basis = np.einsum("ni,nj,nk->ijkn", side[rows], side[columns], _dct_matrix(3)[colour])
    return basis.astype(np.float32), variances.ravel()[chosen].astype(np.float32)


def _dct_matrix(size: int) -> Any:
    """The orthonormal DCT-II, a pattern a row."""
    places = np.arange(size)
    cosines = np.cos(np.pi * (places[None, :] + 0.5) * places[:, None] / size)
    return cosines / np.linalg.norm(cosines, axis=1, keepdims=True)
