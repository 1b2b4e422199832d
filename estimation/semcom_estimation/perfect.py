"""A receiver that knows the channel."""

from typing import Literal

from semcom_channels import Realisation, Received
from semcom_channels.tensors import Tensor
from semcom_estimation.receiver import Receiver


class Perfect(Receiver):
    """Zero forcing with perfect channel knowledge: y / h, which sees noise of variance N0 / |h|^2."""

    kind: Literal["perfect"] = "perfect"

    def receive(self, arrived: Tensor, realisation: Realisation) -> Received:
        """Equalised symbols and their noise variance, both `[batch, uses]`."""
        from semcom_channels.backend import tf

        gain = realisation.gain
        no = realisation.noise_power / tf.maximum(tf.square(tf.abs(gain)), 1e-12)
        return Received(arrived * (1.0 / gain), tf.broadcast_to(no, tf.shape(arrived)))
