"""Bernoulli-Gaussian noise."""

import math
from typing import Annotated, Literal

from pydantic import Field

from semcom_channels import Channel, Streams
from semcom_channels.channel import Probability, Realisation
from semcom_channels.tensors import Tensor
from semcom_channels.units import linear


class Impulsive(Channel):
    """y = x + w, where each w is stronger by a factor with some probability. [Ghosh 1996, section II]

    The mean noise power follows the SNR.
    """

    kind: Literal["impulsive"] = "impulsive"
    probability: Probability = 0.01
    """How often an impulse comes."""
    ratio: Annotated[float, Field(ge=1.0)] = 100.0
    """The noise power of an impulse over the one without."""

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation whose gain is 1."""
        import numpy as np

        from semcom_channels.backend import tf
        from semcom_channels.flat import flat

        calm = flat(tf.ones((1, 1), tf.complex64), shape, snr_db, streams)
        hit = streams.rng("channel").random(shape) < self.probability
        powers = np.where(hit, self.ratio, 1.0) / (1.0 - self.probability + self.probability * self.ratio)
        return calm._replace(noise=calm.noise * tf.constant(np.sqrt(powers), tf.complex64))

    def capacity(self, snr_db: float) -> float:
        """At most that of a receiver which knows the impulses."""
        snr = linear(snr_db) * (1.0 - self.probability + self.probability * self.ratio)
        calm, hit = math.log2(1.0 + snr), math.log2(1.0 + snr / self.ratio)
        return (1.0 - self.probability) * calm + self.probability * hit
