"""The distance that LPIPS measures, in TensorFlow."""

from collections.abc import Iterator

from semcom.metrics.lpips_weights import LpipsWeights
from semcom_channels.backend import tf
from semcom_channels.tensors import Tensor

SHIFT = (-0.030, -0.088, -0.188)  # of colours in [-1, 1], as the published weights expect them
SCALE = (0.458, 0.448, 0.450)
LAYERS = ((4, 2, False), (1, 2, True), (1, 1, True), (1, 1, False), (1, 1, False))  # stride, padding, pooled before
LEAST_LENGTH = 1e-10


def distance(pictures: Tensor, others: Tensor, weights: LpipsWeights) -> Tensor:
    """The distance of each pair, `[batch]`, for pictures `[batch, height, width, 3]` in [0, 1]."""
    seen = features(tf.concat([pictures, others], axis=0), weights)
    return tf.add_n([_layer_distance(values, linear) for values, linear in zip(seen, weights.linear, strict=True)])


def features(pictures: Tensor, weights: LpipsWeights) -> Iterator[Tensor]:
    """What each of AlexNet's five convolutions sees, rectified. [Krizhevsky 2014, arXiv 1404.5997]"""
    values = (2.0 * pictures - 1.0 - tf.constant(SHIFT)) / tf.constant(SCALE)
    for (stride, padding, pooled), kernel, bias in zip(LAYERS, weights.kernels, weights.biases, strict=True):
        if pooled:
            values = tf.nn.max_pool2d(values, 3, 2, "VALID")
        values = tf.pad(values, [[0, 0], [padding, padding], [padding, padding], [0, 0]])
        values = tf.nn.relu(tf.nn.conv2d(values, kernel, stride, "VALID") + bias)
        yield values


def _layer_distance(values: Tensor, linear: Tensor) -> Tensor:
    of_unit_length = values / (tf.norm(values, axis=3, keepdims=True) + LEAST_LENGTH)
    mine, theirs = tf.split(of_unit_length, 2, axis=0)
    return tf.reduce_mean(tf.reduce_sum(tf.square(mine - theirs) * linear, axis=3), axis=[1, 2])
