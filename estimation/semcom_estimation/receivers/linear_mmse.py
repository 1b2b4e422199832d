"""Linear MMSE channel estimation with the model's covariance."""

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from semcom_channels import Channel
from semcom_channels.grid_channel import GridChannel, PathChannel
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.pilots import PilotReceiver

if TYPE_CHECKING:
    from semcom_estimation.receivers.pilot_filters import Modes


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

    def knowledge(self, channel: Channel) -> "tuple[Modes, ...]":
        """The modes of each stream's pilots under the channel's covariance."""
        from semcom_estimation.receivers.pilot_filters import wiener_modes

        if not isinstance(channel, GridChannel):
            return ()
        return wiener_modes(channel.law, channel.state())

    def estimate(
        self, heard: Tensor, noise_power: Tensor, layout: Layout, stream: int, knowledge: Any
    ) -> tuple[Tensor, Tensor]:
        """Through the eigenvectors of R_pp, so that each SNR only scales them."""
        from semcom_channels.backend import tf

        if not knowledge:
            raise ValueError("lmmse is given no law; expected what its knowledge(channel) returns")
        modes = knowledge[stream]
        shrunk = 1.0 / (modes.powers + noise_power)
        amplitudes = tf.matmul(tf.reshape(heard, [-1, heard.shape[-1]]), modes.analysis) * tf.complex(shrunk, 0.0)
        gain = tf.reshape(tf.matmul(amplitudes, modes.synthesis), [-1, heard.shape[1], math.prod(layout.slot_shape)])
        explained = tf.reduce_sum(tf.square(tf.abs(modes.synthesis)) * shrunk[:, None], axis=0)
        return gain, tf.maximum(modes.variances - explained, 0.0)
