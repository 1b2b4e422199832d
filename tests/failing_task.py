"""A point that fails as TensorFlow makes points fail."""

from collections.abc import Mapping

from semcom.studies.study import Task
from semcom.tally import Tallies
from semcom_channels import Streams


class Failing(Task):
    """Reshapes what cannot be reshaped, while a graph is traced or while it runs."""

    traced: bool

    def check(self) -> None:
        """Nothing is missing."""

    def facts(self) -> Mapping[str, float]:
        """It has none."""
        return {}

    def stream_keys(self) -> Mapping[str, int]:
        """It draws nothing."""
        return {}

    def evaluate(self, streams: Streams) -> Tallies:
        """Raises a ValueError of many lines, or an error of a class of TensorFlow's own."""
        from semcom_channels.backend import graph, tf

        if self.traced:
            graph(lambda: tf.reshape(tf.zeros(6), [4, -1]))()
        tf.reshape(tf.zeros(6), [4, -1])
        return {}
