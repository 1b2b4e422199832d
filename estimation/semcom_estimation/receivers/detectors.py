"""Detectors: what separates the streams that share a resource element."""

from abc import abstractmethod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom_channels import Channel, Family, Part, Received
from semcom_channels.channel import Joint
from semcom_channels.grid_channel import GridChannel
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor

LEAST = 1e-12  # the least power of a stream over that of the noise which counts; it also bounds noise from above


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

    def cautions(self, channel: Channel) -> tuple[str, ...]:
        """What a reader of results behind that channel should know, in words."""
        return ()

    @abstractmethod
    def separate(self, y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Symbols and their noise variance, `[batch * slots, data element, stream]`, for two streams and more."""


class ZeroForcing(Detector):
    """x = (H* H)^-1 H* y. [Tse & Viswanath 2005, section 8.3.1]

    Directions in which single precision cannot tell H from zero are left out: the pseudo-inverse. What such a stream
    then hears of itself is scaled to 1, and what it hears of others counts as noise.
    """

    kind: Literal["zf"] = "zf"

    def cautions(self, channel: Channel) -> tuple[str, ...]:
        """Says how often the channel's matrix has no inverse."""
        from semcom_estimation.receivers.sampled_gains import deficient_share

        if not isinstance(channel, GridChannel) or channel.streams == 1:
            return ()
        share = deficient_share(channel.law, channel.state())
        if share == 0.0:
            return ()
        return (f"zf finds no inverse at {share:.2g} of the resource elements; the pseudo-inverse leaves interference",)

    def separate(self, y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Free of interference, at the cost of noise."""
        from semcom_channels.backend import tf
        from semcom_estimation.receivers.sampled_gains import least_of_largest

        y, h = (tf.cast(value, tf.complex128) for value in (y, h))
        found, vectors = tf.linalg.eigh(tf.matmul(h, h, adjoint_a=True))
        powers = tf.math.real(found)  # squared singular values, rising
        kept = powers > powers[..., -1:] * least_of_largest(h.shape) ** 2
        inverse = tf.where(kept, 1.0 / tf.where(kept, powers, 1.0), 0.0)
        along = tf.linalg.matvec(vectors, tf.linalg.matvec(h, y, adjoint_a=True), adjoint_a=True)
        x = tf.linalg.matvec(vectors, along * tf.cast(inverse, tf.complex128))
        squares = tf.square(tf.abs(vectors))
        own = tf.linalg.matvec(squares, tf.cast(kept, tf.float64))
        return _unbiased(x, own, tf.linalg.matvec(squares, inverse) + own * (1.0 - own))


class Lmmse(Detector):
    """x = (H* H + I)^-1 H* y, scaled to be unbiased. [Tse & Viswanath 2005, section 8.3.3]"""

    kind: Literal["lmmse"] = "lmmse"

    def separate(self, y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """The best linear symbols; their noise holds the interference that is left."""
        from semcom_channels.backend import tf

        y, h = (tf.cast(value, tf.complex128) for value in (y, h))  # at 70 dB H* H + I has a condition of 1e9
        matched = tf.matmul(h, h, adjoint_a=True)  # of the size of the streams, and never singular with I beside it
        errors = tf.linalg.inv(matched + tf.eye(int(h.shape[-1]), dtype=h.dtype))
        biased = tf.linalg.matvec(errors, tf.linalg.matvec(h, y, adjoint_a=True))
        left = tf.math.real(tf.linalg.diag_part(errors))
        return _unbiased(biased, 1.0 - left, left * (1.0 - left))


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


def _unbiased(x: Tensor, own: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
    """Symbols that hear themselves with gain 1 in place of `own`, and their noise variance, in single precision.

    A stream that arrives with a power below `LEAST` of the noise counts as one of that power.
    """
    from semcom_channels.backend import tf

    gain = tf.clip_by_value(own, LEAST, 1.0)
    no = tf.maximum(variance, tf.maximum(gain * (1.0 - gain), 1e-30)) / tf.square(gain)
    return tf.cast(x / tf.cast(gain, x.dtype), tf.complex64), tf.cast(no, tf.float32)


def combined(y: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """Maximum ratio combining of one stream: x = h* y / |h|^2, which sees noise 1 / |h|^2. [Brennan 1959]"""
    from semcom_channels.backend import tf

    power = tf.maximum(tf.reduce_sum(tf.square(tf.abs(h)), axis=-2), LEAST)
    matched = tf.reduce_sum(tf.math.conj(h) * y[..., None], axis=-2)
    return matched / tf.complex(power, 0.0), 1.0 / power


KINDS = (Lmmse, ZeroForcing, KBest)
DETECTORS = Family("semcom.detectors", KINDS)
