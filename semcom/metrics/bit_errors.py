"""Errors among bits."""

from typing import ClassVar, Literal

from semcom.metrics.metric import Metric, Sent
from semcom.sources.source import Yields
from semcom_channels.tensors import Tensor


class BitErrorRate(Metric):
    """Wrong bits over bits sent."""

    kind: Literal["ber"] = "ber"
    counts: ClassVar[Literal["rate", "mean"]] = "rate"
    judges: ClassVar[tuple[Yields, ...]] = ("bits",)
    label: ClassVar[str] = "Bit error rate"
    better: ClassVar[Literal["high", "low"]] = "low"

    def trials(self, unit: tuple[int, ...]) -> int:
        """The bits of a packet."""
        return unit[0]

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """Wrong bits of each packet, `[batch]`."""
        from semcom_channels.backend import tf

        wrong = tf.not_equal(sent.data, understood)
        return tf.reduce_sum(tf.cast(wrong, tf.float32), axis=1)


class BlockErrorRate(Metric):
    """Packets with a wrong bit over packets sent."""

    kind: Literal["bler"] = "bler"
    counts: ClassVar[Literal["rate", "mean"]] = "rate"
    judges: ClassVar[tuple[Yields, ...]] = ("bits",)
    label: ClassVar[str] = "Block error rate"
    better: ClassVar[Literal["high", "low"]] = "low"

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """1 for each packet with a wrong bit, else 0, `[batch]`."""
        from semcom_channels.backend import tf

        wrong = tf.reduce_any(tf.not_equal(sent.data, understood), axis=1)
        return tf.cast(wrong, tf.float32)
