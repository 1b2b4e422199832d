"""Least-squares channel estimation."""

from typing import Any, ClassVar, Literal

from semcom_channels import Channel
from semcom_channels.grid_channel import GridChannel
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.pilots import PilotReceiver


class LeastSquares(PilotReceiver):
    """y / p at each pilot, interpolated between them: over subcarriers, then over symbols. [van de Beek et al. 1995]

    It knows nothing of the channel's law, so the noise that it states leaves the error of interpolation out.
    """

    kind: Literal["ls"] = "ls"
    cites: ClassVar[tuple[str, ...]] = ("vandebeek1995",)
    interpolation: Literal["linear", "nearest"] = "linear"
    """How gains between pilots are found."""

    def cautions(self, channel: Channel, snr_db: float) -> tuple[str, ...]:
        """Says when interpolation errs by more than the noise that is stated."""
        from semcom_channels.units import linear
        from semcom_estimation.receivers.pilot_filters import interpolation_error

        said = super().cautions(channel, snr_db)
        if not isinstance(channel, GridChannel):
            return said
        left_out, passed = interpolation_error(channel.law, channel.state(), self.interpolation)
        times = left_out / (linear(-snr_db) * (1.0 + passed))
        if times <= 1.0:
            return said
        return (*said, f"ls states its noise without the error of interpolation, which is {times:.3g} times as much")

    def estimate(
        self, heard: Tensor, noise_power: Tensor, layout: Layout, stream: int, knowledge: Any
    ) -> tuple[Tensor, Tensor]:
        """A fixed linear map of the pilots; its error is the noise that passes it."""
        from semcom_channels.backend import tf
        from semcom_estimation.receivers.pilot_filters import interpolation_weights

        weights = interpolation_weights(layout, stream, self.interpolation)
        gain = tf.reshape(
            tf.matmul(tf.reshape(heard, [-1, weights.shape[1]]), weights.T), [-1, heard.shape[1], len(weights)]
        )
        return gain, noise_power * tf.reduce_sum(tf.square(tf.abs(weights)), axis=1)
