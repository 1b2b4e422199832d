"""A receiver that knows the channel."""

from typing import Annotated, Any, Literal

from semcom_channels import Channel, Realisation, Received
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.detectors import DETECTORS, Detector, Lmmse
from semcom_estimation.receivers.receiver import Receiver


class Perfect(Receiver):
    """Perfect channel knowledge: y / h, which sees noise of variance N0 / |h|^2; on a grid, the detector's symbols."""

    kind: Literal["perfect"] = "perfect"
    detector: Annotated[Detector, DETECTORS] = Lmmse()
    """What separates the streams of a grid."""

    def cautions(self, channel: Channel, snr_db: float) -> tuple[str, ...]:
        """The detector's."""
        return self.detector.cautions(channel)

    def receive(self, arrived: Tensor, realisation: Realisation, knowledge: Any = ()) -> Received:
        """Equalised symbols and their noise variance, both `[batch, uses]`."""
        from semcom_channels.backend import tf

        layout = getattr(realisation, "layout", None)
        if layout is not None:
            from semcom_estimation.receivers.equalised import equalised

            grid: Any = realisation
            return equalised(arrived, grid.gain, grid.disturbance, layout, self.detector)
        gain = realisation.gain
        no = realisation.noise_power / tf.maximum(tf.square(tf.abs(gain)), 1e-12)
        return Received(arrived * tf.math.reciprocal_no_nan(gain), tf.broadcast_to(no, tf.shape(arrived)))
