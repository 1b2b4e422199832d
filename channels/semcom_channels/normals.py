"""Complex normal numbers made of random words, which are drawn outside graphs."""

import math
from typing import TYPE_CHECKING

from semcom_channels.backend import direct, graph, tf
from semcom_channels.tensors import Tensor

if TYPE_CHECKING:
    import numpy as np

HALF_RANGE = 2.0**-31  # turns a signed word of 32 bits into a number between -1 and 1
VECTOR = 64  # a multiple of the numbers that any processor computes at once


def complex_normals(shape: tuple[int, ...], rng: "np.random.Generator") -> Tensor:
    """CN(0, 1) numbers, complex64 of that shape; the first ones do not depend on how many are drawn."""
    count = math.prod(shape)
    whole = -(-count // VECTOR) * VECTOR  # what is left over from vectors is computed by other instructions
    (numbers,) = direct(_normals)(random_words((whole,), rng))
    return tf.reshape(numbers[:count], shape)


def noise_at(snr_db: Tensor, shape: tuple[int, int], rng: "np.random.Generator") -> tuple[Tensor, Tensor]:
    """Unit noise, `[batch, uses]` complex64, and N0 = 10^(-SNR/10), a scalar float32."""
    noise, noise_power = direct(_noise_and_power)(random_words(shape, rng), snr_db)
    return noise, noise_power


def random_words(shape: tuple[int, ...], rng: "np.random.Generator") -> Tensor:
    """Pairs of random words, `[*shape, 2]` int32. They cost a tenth of what NumPy's own normal numbers do."""
    import numpy as np

    return tf.constant(rng.bit_generator.random_raw(math.prod(shape)).view(np.int32).reshape(*shape, 2))


@graph
def _normals(words: Tensor) -> Tensor:
    """sqrt(-ln u) exp(2 pi i v) with u and v uniform. [Box & Muller 1958]

    u goes down to 2^-32, so that parts reach 6.7 deviations, which one number in 10^11 should pass.
    """
    radius = tf.sqrt(-tf.math.log(tf.abs(tf.cast(words[..., 0], tf.float32) + 0.5) * HALF_RANGE))
    angle = tf.cast(words[..., 1], tf.float32) * (math.pi * HALF_RANGE)
    return tf.complex(radius * tf.cos(angle), radius * tf.sin(angle))


@graph
def _noise_and_power(words: Tensor, snr_db: Tensor) -> tuple[Tensor, Tensor]:
    return _normals(words), tf.pow(10.0, -tf.cast(snr_db, tf.float32) / 10.0)
