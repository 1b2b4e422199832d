"""Linear MMSE channel estimation with the model's covariance."""

from functools import cache
from typing import Literal, NamedTuple

import numpy as np

from semcom_channels import Channel
from semcom_channels.grid_channel import GridChannel, PathChannel
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.pilots import PilotReceiver

LEAST = 1e-10  # of the largest eigenvalue; what is below counts as zero


class LinearMmse(PilotReceiver):
    """h^ = R_hp (R_pp + N0 I)^-1 y_p / p over time and frequency at once. [Edfors et al. 1998, eq. 5]

    It knows the covariance of the channel's law and the noise power. Antennas are estimated one by one.
    """

    kind: Literal["lmmse"] = "lmmse"

    def check(self, channel: Channel) -> str | None:
        """A grid with pilots and a known covariance is needed."""
        complaint = super().check(channel)
        if complaint is None and isinstance(channel, PathChannel) and channel.precoding != "none":
            return f"lmmse knows the covariance between antennas, not along {channel.precoding}; use ls or perfect"
        return complaint

    def estimate(self, heard: Tensor, noise_power: Tensor, layout: Layout, stream: int) -> tuple[Tensor, Tensor]:
        """Through the eigenvectors of R_pp, so that each SNR only scales them."""
        from semcom_channels.backend import tf

        modes = wiener_modes(layout.channel, layout, stream)
        shrunk = 1.0 / (modes.powers + noise_power)
        amplitudes = tf.matmul(tf.reshape(heard, [-1, heard.shape[-1]]), modes.analysis) * tf.complex(shrunk, 0.0)
        gain = tf.reshape(tf.matmul(amplitudes, modes.synthesis), [-1, heard.shape[1], modes.synthesis.shape[1]])
        explained = tf.reduce_sum(np.abs(modes.synthesis) ** 2 * shrunk[:, None], axis=0)
        return gain, tf.maximum(modes.variances - explained, 0.0)


class Modes(NamedTuple):
    """R_pp = U diag(powers) U* of a stream's pilots, without its zeros."""

    analysis: np.ndarray
    """conj(U), `[pilot, mode]` complex64."""
    powers: np.ndarray
    """`[mode]` float32."""
    synthesis: np.ndarray
    """(R_hp U)^T, `[mode, element]` complex64."""
    variances: np.ndarray
    """E|h|^2 at each element, float32."""


@cache
def wiener_modes(channel: GridChannel, layout: Layout, stream: int) -> Modes:
    """The modes of a stream's pilots under the channel's covariance."""
    law = channel.covariance()
    width = layout.slot_shape[1]
    places = np.asarray(layout.pilots(stream)[0])
    times, subcarriers = places // width, places % width
    pilots = np.einsum("kab,kab->ab", law.time[:, times][:, :, times], law.frequency[:, subcarriers][:, :, subcarriers])
    elements = np.einsum("ktp,kfp->tfp", law.time[:, :, times], law.frequency[:, :, subcarriers]).reshape(
        -1, len(places)
    )
    variances = np.einsum("ktt,kff->tf", law.time, law.frequency).real.ravel()
    powers, vectors = np.linalg.eigh(pilots)
    kept = powers > LEAST * powers[-1]
    vectors = vectors[:, kept]
    return Modes(
        vectors.conj().astype(np.complex64),
        powers[kept].astype(np.float32),
        (elements @ vectors).T.astype(np.complex64),
        variances.astype(np.float32),
    )
