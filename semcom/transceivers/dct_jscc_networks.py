"""The networks of `dct_jscc`."""

from typing import Any

import numpy as np

from semcom.transceivers.layers import SnrAttention, convolution, dense, keras, prelu, seeds
from semcom.transceivers.picture_spectrum import (
    USUAL_GRID,
    basis,
    block_variances,
    dct_matrix,
    grid_variances,
    strongest,
)
from semcom_channels.backend import tf

PATCH = 4  # pixels of a side that one vector of the convolutions stands for
PILOT_SHARE = 0.03  # of the power, before training
SCALE_RANGE = (0.25, 4.0)  # of a picture's scale over the typical one; what noise says beyond it is not believed


class Networks(keras.Model):  # type: ignore[misc]
    """A fixed DCT with power allocation by SNR, a pilot for the picture's scale, and convolutions that start at zero.

    With `levels` 2 each pattern's coefficients pass a second DCT, over the grid of blocks, so that a smooth picture is
    few coefficients however large it is. The power constraint scales every picture by another number. The pilot, a
    constant added to the coefficients of the weakest pattern, tells the receiver which one; without it the receiver
    takes the typical one.
    """

    def __init__(self, block: int, levels: int, latent_channels: int, pilot: bool, filters: int, seed: int) -> None:
        super().__init__()
        source = seeds(seed)
        self.block, self.levels = block, levels
        self.pattern = strongest(block, latent_channels)
        self.basis = tf.constant(basis(block, self.pattern), tf.float32)
        self.deviations = tf.constant(np.sqrt(block_variances(block, self.pattern)), tf.float32)
        self.by_deviation = keras.Sequential(
            [
                keras.Input((None, None, None, 2)),
                dense(16, "tanh", next(source)),
                keras.layers.Dense(1, kernel_initializer="zeros"),
            ]
        )
        self.by_channel = gains(np.ones(latent_channels))
        power = self._deviations(USUAL_GRID, USUAL_GRID).numpy().mean(axis=(0, 1)).sum()
        self.loudness = gains(np.sqrt([PILOT_SHARE * power])) if pilot else None
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
        values = self._over_grid(coefficients + self.to_latent(features)) * self.deviations
        deviations = self._deviations(values.shape[1], values.shape[2])
        amplitudes, pilot = self._allocation(csi, deviations)
        return values / deviations * amplitudes + pilot

    def decode(self, latents: Any, noise_power: Any, overall: Any, csi: Any) -> Any:
        """Pictures `[batch, height, width, 3]` in [0, 1].

        `noise_power` has the latents' shape and is that of the symbol that each value came in; `overall`, `[batch, 1]`,
        stands for all of the unit. `csi` is what the sender allotted its power by.
        """
        snr_db = -10.0 * tf.math.log(overall) / tf.math.log(10.0)
        rows, columns = latents.shape[1], latents.shape[2]
        deviations = self._deviations(rows, columns)
        amplitudes, pilot = self._allocation(csi, deviations)
        scale = self._scale(latents, noise_power, amplitudes, pilot)
        noise = 0.5 * noise_power / tf.square(scale)  # of a real value, before the scale
        wiener = amplitudes / (tf.square(amplitudes) + noise) * self.shrinkage(snr_db / 10.0)[:, None, None, :]
        coefficients = self._from_grid((latents / scale - pilot) * wiener * deviations)
        shape = tf.stack([tf.shape(latents)[0], rows * self.block, columns * self.block, 3])
        linear = tf.nn.conv2d_transpose(coefficients, self.basis, shape, self.block, "VALID")
        features = tf.nn.space_to_depth(linear, PATCH)
        for index, (layer, bend, attend) in enumerate(
            zip(self.synthesis, self.bends[:4], self.attention[:4], strict=True)
        ):
            step = attend(bend(layer(features)), snr_db)
            features = step if index == 0 else features + step
        return tf.clip_by_value(linear + tf.nn.depth_to_space(self.to_picture(features), PATCH) + 0.5, 0.0, 1.0)

    def _deviations(self, rows: int, columns: int) -> Any:
        """The standard deviation of each coefficient, `[rows, columns, channels]`; of one level, `[1, 1, channels]`."""
        if self.levels == 1:
            return self.deviations[None, None, :]
        return tf.constant(np.sqrt(grid_variances(self.block, self.pattern, (rows, columns))), tf.float32)

    def _over_grid(self, coefficients: Any) -> Any:
        """The second DCT, over the rows and columns of blocks."""
        if self.levels == 1:
            return coefficients
        rows, columns = (tf.constant(dct_matrix(size), tf.float32) for size in coefficients.shape[1:3])
        return tf.einsum("ui,vj,bijc->buvc", rows, columns, coefficients)

    def _from_grid(self, coefficients: Any) -> Any:
        """The inverse of the second DCT."""
        if self.levels == 1:
            return coefficients
        rows, columns = (tf.constant(dct_matrix(size), tf.float32) for size in coefficients.shape[1:3])
        return tf.einsum("ui,vj,buvc->bijc", rows, columns, coefficients)

    def _allocation(self, csi: Any, deviations: Any) -> tuple[Any, Any]:
        """Amplitudes, `[1, rows, columns, channels]`, and the pilot: `[1, 1, 1, channels]`, zero but for the last.

        Before training the amplitude of a coefficient is the root of its deviation. [Jakubczak & Katabi 2011]
        What is learned of the deviation and the SNR, and of the channel and the SNR, is multiplied to it: in noise the
        weakest coefficients are not worth their power.
        """
        tens = tf.reshape(csi.snr_db, [1, 1]) / 10.0
        logarithms = tf.math.log(deviations)[None, ..., None]
        both = tf.concat([logarithms, tf.ones_like(logarithms) * tens], axis=-1)
        by_deviation = tf.exp(self.by_deviation(both)[..., 0])
        amplitudes = tf.sqrt(deviations) * by_deviation * self.by_channel(tens)
        if self.loudness is None:
            return amplitudes, tf.zeros_like(amplitudes[:, :1, :1])
        pilot = tf.reshape(self.loudness(tens), [1, 1, 1, 1])
        return amplitudes, tf.concat([tf.zeros_like(amplitudes[:, :1, :1, 1:]), pilot], axis=-1)

    def _scale(self, latents: Any, noise_power: Any, amplitudes: Any, pilot: Any) -> Any:
        """What the power constraint multiplied each picture with, `[batch, 1, 1, 1]`."""
        power = tf.reduce_mean(tf.square(amplitudes) + tf.square(pilot), axis=[1, 2, 3], keepdims=True)
        typical = tf.math.rsqrt(2.0 * power)  # a complex symbol of power 1 holds two values
        if self.loudness is None:
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
