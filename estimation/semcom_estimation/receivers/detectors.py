"""Detectors: what separates the streams that share a resource element."""

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom_channels import Family, Part, Received
from semcom_channels.channel import Joint
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor


class Detector(Part):
    """Separates streams, given the channel: y = H x + w with w ~ CN(0, I)."""

    def detect(self, y: Tensor, h: Tensor, layout: Layout) -> Received:
        """Symbols and their noise variance, both `[batch, uses]`.

        Args:
            y: `[batch * slots, data element, rx]` complex64.
            h: `[batch * slots, data element, rx, stream]` complex64.
            layout: where the symbols of a unit are.
        """
        x, no = self.separate(y, h) if layout.streams > 1 else combined(y, h)
        return Received(layout.gathered(x), layout.gathered(no))

    @abstractmethod
    def separate(self, y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Symbols and their noise variance, `[batch * slots, data element, stream]`, for two streams and more."""


class ZeroForcing(Detector):
    """x = (H* H)^-1 H* y. [Tse & Viswanath 2005, section 8.3.1]"""

    kind: Literal["zf"] = "zf"

    def separate(self, y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Free of interference, at the cost of noise."""
        from semcom_channels.sionna_door import detection

        return detection.zero_forcing(y, h)


class Lmmse(Detector):
    """x = (H* H + I)^-1 H* y, scaled to be unbiased. [Tse & Viswanath 2005, section 8.3.3]"""

    kind: Literal["lmmse"] = "lmmse"

    def separate(self, y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """The best linear symbols; their noise holds the interference that is left."""
        from semcom_channels.backend import tf

        matched = tf.matmul(h, h, adjoint_a=True)  # of the size of the streams, and never singular with I beside it
        errors = tf.linalg.inv(matched + tf.eye(int(h.shape[-1]), dtype=h.dtype))
        biased = tf.linalg.matvec(errors, tf.linalg.matvec(h, y, adjoint_a=True))
        left = tf.clip_by_value(tf.math.real(tf.linalg.diag_part(errors)), 1e-30, 1.0 - 1e-6)
        return biased / tf.complex(1.0 - left, 0.0), left / (1.0 - left)


class KBest(Lmmse):
    """Decides the bits of all streams together, along the likeliest paths of a tree. [Guo & Nilsson 2006]

    Only digital symbols gain: transceivers that use the symbols themselves get those of linear MMSE.
    """

    kind: Literal["k_best"] = "k_best"  # type: ignore[assignment]
    cites: ClassVar[tuple[str, ...]] = ("guo2006",)
    paths: Annotated[int, Field(ge=1, le=4096)] = 64
    """Paths kept at each stream."""

    def detect(self, y: Tensor, h: Tensor, layout: Layout) -> Received:
        """Linear MMSE symbols, and beside them what the joint detection of bits needs."""
        received = super().detect(y, h, layout)
        return received._replace(joint=Joint(y, h, self.paths, layout)) if layout.streams > 1 else received


def combined(y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """Maximum ratio combining of one stream: x = h* y / |h|^2, which sees noise 1 / |h|^2. [Brennan 1959]"""
    from semcom_channels.backend import tf

    power = tf.maximum(tf.reduce_sum(tf.square(tf.abs(h)), axis=-2), 1e-12)
    matched = tf.reduce_sum(tf.math.conj(h) * y[..., None], axis=-2)
    return matched / tf.complex(power, 0.0), 1.0 / power


KINDS = (Lmmse, ZeroForcing, KBest)
DETECTORS = Family("semcom.detectors", KINDS)
