"""Least-squares channel estimation."""

from functools import cache
from typing import Literal

import numpy as np

from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.pilots import PilotReceiver


class LeastSquares(PilotReceiver):
    """y / p at each pilot, interpolated between them: over subcarriers, then over symbols. [van de Beek et al. 1995]

    It knows nothing of the channel's law, so the noise that it states leaves the error of interpolation out.
    """

    kind: Literal["ls"] = "ls"
    interpolation: Literal["linear", "nearest"] = "linear"
    """How gains between pilots are found."""

    def estimate(self, heard: Tensor, noise_power: Tensor, layout: Layout, stream: int) -> tuple[Tensor, Tensor]:
        """A fixed linear map of the pilots; its error is the noise that passes it."""
        from semcom_channels.backend import tf

        weights = interpolation_weights(layout, stream, self.interpolation)
        gain = tf.reshape(
            tf.matmul(tf.reshape(heard, [-1, weights.shape[1]]), weights.T), [-1, heard.shape[1], len(weights)]
        )
        return gain, noise_power * np.sum(np.abs(weights) ** 2, axis=1).astype(np.float32)


@cache
def interpolation_weights(layout: Layout, stream: int, interpolation: str) -> np.ndarray:
    """Sionna's interpolation as a matrix, `[element, pilot]` complex64."""
    from semcom_channels.sionna_door import detection

    places, _ = layout.pilots(stream)
    return detection.interpolation_weights(layout.slot_shape, tuple(places), interpolation)
