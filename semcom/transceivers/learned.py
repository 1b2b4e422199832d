"""What transceivers with trained networks share."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from semcom.learning import Lesson, Pupil
from semcom.sources import SOURCES, Photographs, Source
from semcom.transceivers.transceiver import Csi, Transceiver, Unit
from semcom_channels import CHANNELS, Awgn, Channel, Received, Spec
from semcom_channels.tensors import Symbols, Tensor
from semcom_channels.units import SNR_DB_RANGE

TrainingSnr = Annotated[float, Field(ge=SNR_DB_RANGE[0], le=SNR_DB_RANGE[1])]


class Training(Spec):
    """How weights are made: Adam with a cosine schedule, through the channel."""

    source: Annotated[Source, SOURCES] = Photographs(split="train", view="tiles", tile=128)
    channel: Annotated[Channel, CHANNELS] = Awgn()
    snr_db: tuple[TrainingSnr, TrainingSnr] = (0.0, 0.0)
    """The SNR of each step is uniform in this range, in dB."""
    steps: Annotated[int, Field(ge=1)] = 10_000
    batch: Annotated[int, Field(ge=1)] = 4
    learning_rate: Annotated[float, Field(gt=0.0, le=1.0)] = 1e-3
    """The rate at the first step; it falls to a hundredth along half a cosine."""
    seed: Annotated[int, Field(ge=0)] = 1

    @model_validator(mode="after")
    def _the_range_goes_up(self) -> Self:
        if self.snr_db[0] > self.snr_db[1]:
            raise ValueError(f"snr_db goes from {self.snr_db[0]} down to {self.snr_db[1]}; expected low, high")
        return self


class Learned(Pupil, Transceiver):
    """A transceiver whose encoder and decoder are networks, trained end to end through the channel."""

    training: Training = Training()

    @property
    def training_steps(self) -> int:
        """Those of its training."""
        return self.training.steps

    def learn(self) -> Iterator[Lesson]:
        """Trains encoder and decoder through the channel."""
        from semcom.transceivers.training import train

        for step in train(self):
            yield Lesson(step.step, step.loss, [variable.numpy() for variable in step.networks.variables])

    @abstractmethod
    def networks(self, seed: int) -> Any:
        """Fresh networks, initialised from `seed`: one Keras model that holds encoder and decoder."""

    @abstractmethod
    def send(self, networks: Any, data: Tensor, csi: Csi) -> Symbols:
        """What `encode` does, with given networks."""

    @abstractmethod
    def understand(self, networks: Any, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """What `decode` does, with given networks."""

    @abstractmethod
    def loss(
        self, networks: Any, data: Tensor, labels: Tensor, symbols: Symbols, received: Received, understood: Tensor
    ) -> Tensor:
        """What training makes small, a scalar float32."""

    def check(self) -> None:
        """Raises UserError when there are no weights."""
        self.files()

    def encode(self, data: Tensor, csi: Csi) -> Symbols:
        """Symbols from the trained encoder; raises UserError when there are no weights."""
        from semcom.transceivers.weights import trained

        return self.send(trained(self), data, csi)

    def decode(self, received: Received, csi: Csi, unit: Unit) -> Tensor:
        """What the trained decoder makes of the received symbols."""
        from semcom.transceivers.weights import trained

        return self.understand(trained(self), received, csi, unit)
