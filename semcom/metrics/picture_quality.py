"""Likeness of pictures."""

from typing import ClassVar, Literal

from semcom.errors import UserError
from semcom.metrics.metric import Metric, Sent
from semcom.sources.source import Yields
from semcom_channels.tensors import Tensor

SSIM_SIDE = 11  # pixels
MS_SSIM_SIDE = 176  # after four halvings 11 are left
LEAST_NOISE = 1e-10  # a perfect picture has a PSNR of 100 dB, not infinity


class Psnr(Metric):
    """Peak signal-to-noise ratio, -10 log10 of the mean square error, values from 0 to 1; at most 100 dB."""

    kind: Literal["psnr"] = "psnr"
    judges: ClassVar[tuple[Yields, ...]] = ("images",)
    label: ClassVar[str] = "PSNR (dB)"

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """The PSNR of each picture in dB, `[batch]`."""
        from semcom_channels.backend import tf

        error = tf.reduce_mean(tf.square(sent.data - understood), axis=[1, 2, 3])
        return -10.0 * tf.math.log(tf.maximum(error, LEAST_NOISE)) / tf.math.log(10.0)


class Ssim(Metric):
    """Structural similarity with an 11x11 Gaussian window. [Wang et al. 2004]"""

    kind: Literal["ssim"] = "ssim"
    cites: ClassVar[tuple[str, ...]] = ("wang2004",)
    judges: ClassVar[tuple[Yields, ...]] = ("images",)
    label: ClassVar[str] = "SSIM"

    def check(self, unit: tuple[int, ...]) -> None:
        """Raises UserError for pictures smaller than the window."""
        _check_size(self.kind, unit, SSIM_SIDE)

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """SSIM of each picture, `[batch]`."""
        from semcom_channels.backend import tf

        return tf.image.ssim(sent.data, understood, max_val=1.0)


class MsSsim(Metric):
    """Multi-scale structural similarity over five scales; pictures of at least 176 pixels a side. [Wang et al. 2003]"""

    kind: Literal["ms_ssim"] = "ms_ssim"
    cites: ClassVar[tuple[str, ...]] = ("wang2003",)
    judges: ClassVar[tuple[Yields, ...]] = ("images",)
    label: ClassVar[str] = "MS-SSIM"

    def check(self, unit: tuple[int, ...]) -> None:
        """Raises UserError for pictures whose coarsest scale is smaller than the window."""
        _check_size(self.kind, unit, MS_SSIM_SIDE)

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """MS-SSIM of each picture, `[batch]`."""
        from semcom_channels.backend import tf

        return tf.image.ssim_multiscale(sent.data, understood, max_val=1.0)


def _check_size(kind: str, unit: tuple[int, ...], side: int) -> None:
    rows, columns, _ = unit
    if min(rows, columns) < side:
        raise UserError(f"study.metrics: {kind} needs pictures of {side} pixels a side; given {columns}x{rows}")
