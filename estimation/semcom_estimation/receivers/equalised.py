"""From slots to the symbols of units, given what is known of the channel."""

from semcom_channels import Received
from semcom_channels.backend import tf
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.detectors import Detector


def equalised(arrived: Tensor, gain: Tensor, noise_power: Tensor, layout: Layout, detector: Detector) -> Received:
    """The symbols of units and their noise variance.

    Args:
        arrived: slots, `[batch * slots, rx, symbol, subcarrier]` complex64.
        gain: H or what is taken for it, `[batch * slots, rx, stream, symbol, subcarrier]` complex64.
        noise_power: noise and what the errors of `gain` add, a scalar or broadcastable to
            `[batch * slots, rx, symbol, subcarrier]` float32.
        layout: where the symbols are.
        detector: what separates the streams.
    """
    power = tf.broadcast_to(noise_power, tf.broadcast_dynamic_shape(tf.shape(noise_power), layout.slot_shape))
    white = tf.complex(tf.math.rsqrt(layout.data(power)), 0.0)  # [..., data element]
    shared = white[..., None, :] * layout.streams**-0.5
    y = tf.transpose(layout.data(arrived) * white, [0, 2, 1])
    h = tf.transpose(layout.data(gain) * shared, [0, 3, 1, 2])
    return detector.detect(y, h, layout)
