"""A digit classifier over the air."""

import math
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from semcom.errors import UserError
from semcom.sources import SOURCES, Digits, Source
from semcom.sources.source import Yields
from semcom.transceivers.learned import Learned, Training, TrainingSnr
from semcom.transceivers.ratio import BandwidthRatio
from semcom.transceivers.transceiver import Cost, Csi, Unit
from semcom_channels import Received
from semcom_channels.tensors import Symbols, Tensor

DIGIT = (8, 8, 1)
PIXELS = 64
CLASSES = 10


class DigitTraining(Training):
    """How the classifier's weights are made: from digits that wander by a column."""

    source: Annotated[Source, SOURCES] = Digits(split="train", shift_columns=1)
    snr_db: tuple[TrainingSnr, TrainingSnr] = (-5.0, 15.0)
    steps: Annotated[int, Field(ge=1)] = 3_000
    batch: Annotated[int, Field(ge=1)] = 128
    learning_rate: Annotated[float, Field(gt=0.0, le=1.0)] = 2e-3


class VibClassifier(Learned):
    """Says just what tells the ten digits apart; the receiver names the digit and never sees the picture.

    digit -> encoder -> power -> symbols ... received -> classifier -> scores

    Training makes E[-log q(label | y)] + rate_weight R small: the variational information bottleneck, in which the
    channel's own noise is the random part of the encoder. [Alemi, Fischer, Dillon, Murphy 2017, arXiv 1612.00410,
    eq. 17; Shao, Mao, Zhang 2022, arXiv 2102.04170, section III] For any law q(y),

        I(X; Y) = E_x KL(p(y | x) || p(y)) = R - KL(p(y) || q(y)) <= R = E_x KL(p(y | x) || q(y)).

    Each of the 2k real dimensions is y_i = z_i(x) + w_i with w_i ~ N(0, n_i), n_i = N0 / 2 at the equaliser's output,
    and q is what the channel makes of independent z_i ~ N(m_i, s_i^2) with learned m_i and s_i:

        R = E_x sum_i [log((s_i^2 + n_i) / n_i) + (n_i + (z_i(x) - m_i)^2) / (s_i^2 + n_i) - 1] / 2     nats per digit.

    At its least, m_i and s_i^2 are the mean and variance of z_i and R = sum_i log(1 + var z_i / n_i) / 2: a dimension
    that stands still costs nothing, so dimensions die as `rate_weight` grows. Shao et al. let them die by a log-uniform
    q, which is no probability law, so that their rate is known up to a constant only; this one is a bound. They limit
    the peak of each z_i; here the symbols of each digit have unit average power. Neither end uses the SNR, but the
    receiver scales each symbol by 1 / (1 + N0).
    """

    kind: Literal["vib_classifier"] = "vib_classifier"
    takes: ClassVar[tuple[Yields, ...]] = ("images",)
    delivers: ClassVar[Literal["same", "scores"]] = "scores"
    cites: ClassVar[tuple[str, ...]] = ("alemi2017", "shao2022")
    bandwidth_ratio: BandwidthRatio = Fraction(1, 16)
    """Channel uses per pixel, k/n; a multiple of 1/64, which is one symbol a digit."""
    rate_weight: Annotated[float, Field(ge=0.0, le=100.0)] = 0.01
    """What a nat of rate costs against a nat of cross-entropy, beta."""
    hidden: Annotated[int, Field(ge=8, le=1024)] = 64
    """Units of the hidden layer at each end."""
    training: DigitTraining = DigitTraining()

    @model_validator(mode="after")
    def _it_fits_digits(self) -> Self:
        if (self.bandwidth_ratio * PIXELS).denominator != 1:
            raise ValueError(f"bandwidth_ratio is {self.bandwidth_ratio}; expected a multiple of 1/64")
        if self.training.source.classes != CLASSES:
            raise ValueError(f"training.source is {self.training.source.kind}; expected one with 10 classes: digits")
        return self

    @property
    def channel_uses(self) -> int:
        """Complex symbols for a digit."""
        return int(self.bandwidth_ratio * PIXELS)

    def cost(self, unit: Unit) -> Cost:
        """The symbols of a digit; no bits."""
        if tuple(unit) != DIGIT:
            raise UserError(f"{self.kind} sends pictures of {DIGIT}; given {tuple(unit)}. Use the source digits")
        return Cost(self.channel_uses, None, 0)

    def networks(self, seed: int) -> Any:
        """Encoder, classifier and the law q as one Keras model."""
        from semcom.transceivers.vib_classifier_networks import Networks

        return Networks(self.channel_uses, self.hidden, CLASSES, seed)

    def send(self, networks: Any, data: Tensor, csi: Csi) -> Symbols:
        """The encoder's values as symbols of unit average power."""
        from semcom.transceivers.power import complex_symbols, unit_average_power

        return unit_average_power(complex_symbols(networks.encode(data)))

    def understand(self, networks: Any, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """Scores of the classes, logits `[batch, 10]`."""
        from semcom.transceivers.power import real_values

        return networks.classify(real_values(received.y) / (1.0 + twice(received.no)))

    def rate(self, networks: Any, symbols: Symbols, received: Received) -> Tensor:
        """What each digit adds to R, `[batch]` nats; its mean over digits is no less than I(X; Y)."""
        from semcom.transceivers.power import real_values

        return networks.rate(real_values(symbols), twice(received.no) / 2.0)

    def rate_bits(self, networks: Any, symbols: Symbols, received: Received) -> Tensor:
        """What each digit adds to R, `[batch]` bits."""
        return self.rate(networks, symbols, received) / math.log(2.0)

    def loss(
        self, networks: Any, data: Tensor, labels: Tensor, symbols: Symbols, received: Received, understood: Tensor
    ) -> Tensor:
        """Cross-entropy plus the weighted rate, in nats per digit."""
        from semcom_channels.backend import tf

        surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, understood)
        return tf.reduce_mean(surprise + self.rate_weight * self.rate(networks, symbols, received))


def twice(noise: Tensor) -> Tensor:
    """What `[batch, uses]` symbols share, for their real and imaginary values: `[batch, 2 * uses]`."""
    from semcom_channels.backend import tf

    return tf.concat([noise, noise], axis=1)
