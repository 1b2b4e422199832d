"""Whether the receiver knows what was sent."""

from typing import ClassVar, Literal

from semcom.metrics.metric import Metric, Sent
from semcom.sources.source import Yields
from semcom_channels.tensors import Tensor


class Accuracy(Metric):
    """The share of units whose class is named rightly, counted as a rate of right answers.

    Scores of classes are answered by the highest; digit pictures by a support vector machine at the receiver, which
    learnt from clean training digits: 98 % of clean test digits are right. It does not know what a codec does to them;
    one that learnt from averages of 2x2 pixels would read those rightly 89 times in 100, this one 78 times.
    """

    kind: Literal["accuracy"] = "accuracy"
    counts: ClassVar[Literal["rate", "mean"]] = "rate"
    judges: ClassVar[tuple[Yields, ...]] = ("images",)
    judges_scores: ClassVar[bool] = True
    needs_classes: ClassVar[bool] = True
    label: ClassVar[str] = "Classification accuracy"
    cites: ClassVar[tuple[str, ...]] = ("scikitlearn",)

    def measure(self, sent: Sent, understood: Tensor) -> Tensor:
        """1 for each unit whose class is right, else 0, `[batch]`; takes scores `[batch, classes]` or pictures."""
        from semcom_channels.backend import tf

        if understood.shape.rank == 2:
            answers = tf.argmax(understood, axis=1)
        else:
            from semcom.metrics.digit_reader import read_digits

            answers = tf.ensure_shape(tf.numpy_function(read_digits, [understood], tf.int64), sent.labels.shape)
        return tf.cast(tf.equal(answers, sent.labels), tf.float32)
