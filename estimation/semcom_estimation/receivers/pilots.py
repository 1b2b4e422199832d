"""What the receivers that estimate a channel from pilots share."""

from abc import abstractmethod
from typing import Annotated, Any

from semcom_channels import Channel, Realisation, Received
from semcom_channels.grid_channel import GridChannel
from semcom_channels.layout import Layout
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.detectors import DETECTORS, Detector, Lmmse
from semcom_estimation.receivers.receiver import Receiver


class PilotReceiver(Receiver):
    """Estimates the gain of each stream at each resource element of a slot from the pilots of that slot."""

    detector: Annotated[Detector, DETECTORS] = Lmmse()
    """What separates the streams."""

    def check(self, channel: Channel) -> str | None:
        """A grid with pilots is needed."""
        if not isinstance(channel, GridChannel):
            return f"{self.kind} estimates from pilots; {channel.kind} has no grid"
        if not channel.grid.pilots.symbols:
            return f"{self.kind} estimates from pilots; the grid's pilots.symbols is empty"
        return None

    def cautions(self, channel: Channel, snr_db: float) -> tuple[str, ...]:
        """The detector's."""
        return self.detector.cautions(channel)

    @abstractmethod
    def estimate(
        self, heard: Tensor, noise_power: Tensor, layout: Layout, stream: int, knowledge: Any
    ) -> tuple[Tensor, Tensor]:
        """The stream's gain `[batch * slots, rx, element]` and the variance of its error, `[element]`.

        Args:
            heard: the gain at the stream's pilots with noise of `noise_power`, `[batch * slots, rx, pilot]` complex64.
            noise_power: N0, a scalar float32.
            layout: where pilots and elements are; elements are all of a slot's, as symbol * occupied + place.
            stream: which stream.
            knowledge: what `knowledge` gives for the channel.
        """

    def gain(self, arrived: Tensor, noise_power: Tensor, layout: Layout, knowledge: Any = ()) -> tuple[Tensor, Tensor]:
        """The gain `[batch * slots, rx, stream, symbol, subcarrier]` and the variance of its error,
        `[stream, symbol, subcarrier]`.
        """
        from semcom_channels.backend import tf

        rows, columns = layout.slot_shape
        flat = tf.reshape(arrived, [-1, arrived.shape[1], rows * columns])
        gains, errors = [], []
        for stream in range(layout.streams):
            places, pilots = layout.pilots(stream)
            heard = tf.gather(flat, places, axis=-1) / pilots
            gain, error = self.estimate(heard, noise_power, layout, stream, knowledge)
            gains.append(tf.reshape(gain, [-1, arrived.shape[1], rows, columns]))
            errors.append(tf.reshape(error, [rows, columns]))
        return tf.stack(gains, axis=2), tf.stack(errors)

    def receive(self, arrived: Tensor, realisation: Realisation, knowledge: Any = ()) -> Received:
        """Symbols equalised by the estimate, with the noise that its errors add, both `[batch, uses]`."""
        from semcom_channels.backend import tf
        from semcom_estimation.receivers.equalised import equalised

        layout: Layout = realisation.layout  # type: ignore[attr-defined]
        gain, errors = self.gain(arrived, realisation.noise_power, layout, knowledge)
        noise_power = realisation.noise_power + tf.reduce_mean(errors, axis=0)
        return equalised(arrived, gain, noise_power, layout, self.detector)
