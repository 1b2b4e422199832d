"""Linear MMSE channel estimation with the model's covariance."""

from typing import ClassVar, Literal

from semcom_channels import Channel
from semcom_channels.grid_channel import PathChannel
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.pilots import PilotReceiver


class LinearMmse(PilotReceiver):
    """h^ = R_hp (R_pp + N0 I)^-1 y_p / p over time and frequency at once. [Edfors et al. 1998, eq. 5]

    It knows the covariance of the channel's law and the noise power. Antennas are estimated one by one.
    """

    kind: Literal["lmmse"] = "lmmse"
    cites: ClassVar[tuple[str, ...]] = ("edfors1998",)

    def check(self, channel: Channel) -> str | None:
        """A grid with pilots and a known covariance is needed."""
        complaint = super().check(channel)
        if complaint is None and isinstance(channel, PathChannel) and channel.precoding != "none":
            return f"lmmse knows the covariance between antennas, not along {channel.precoding}; use ls or perfect"
        return complaint

    def estimate(self, heard: Tensor, noise_power: Tensor, layout: Layout, stream: int) -> tuple[Tensor, Tensor]:
        """Through the eigenvectors of R_pp, so that each SNR only scales them."""
        from semcom_channels.backend import tf
        from semcom_estimation.receivers.pilot_filters import wiener_modes

        modes = wiener_modes(layout, stream)
        shrunk = 1.0 / (modes.powers + noise_power)
        amplitudes = tf.matmul(tf.reshape(heard, [-1, heard.shape[-1]]), modes.analysis) * tf.complex(shrunk, 0.0)
        gain = tf.reshape(tf.matmul(amplitudes, modes.synthesis), [-1, heard.shape[1], modes.synthesis.shape[1]])
        explained = tf.reduce_sum(tf.square(tf.abs(modes.synthesis)) * shrunk[:, None], axis=0)
        return gain, tf.maximum(modes.variances - explained, 0.0)
