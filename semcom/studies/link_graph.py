"""The compiled link: transceiver, channel and metrics in one graph, which serves every SNR."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom.metrics import Metric, Sent
from semcom.sources import Batch
from semcom.transceivers import Bound, Csi, Transceiver, Unit
from semcom_channels import Realisation, Received, Streams
from semcom_channels.backend import any_length, direct, graph, tf
from semcom_estimation.receivers import Receiver

if TYPE_CHECKING:
    from semcom.studies.link_point import LinkPoint


def run(point: "LinkPoint", batch: Batch, streams: Streams) -> Mapping[str, Any]:
    """Sends one batch; returns for each metric its value for each unit, `[batch]`."""
    return measured(point, batch, realised(point, batch, streams))


def realised(point: "LinkPoint", batch: Batch, streams: Streams) -> Realisation:
    """A draw of the point's channel for a batch."""
    uses = point.transceiver.cost(_unit(batch)).channel_uses
    return point.channel.draw((len(batch.data), uses), _snr_db(point), streams)


def encoded(point: "LinkPoint", batch: Batch) -> Any:
    """The symbols of a batch, `[batch, uses]`: those that `measured` sends."""
    return point.transceiver.encode(tf.constant(batch.data), Csi(_snr_db(point)))


def measured(point: "LinkPoint", batch: Batch, realisation: Realisation) -> Mapping[str, Any]:
    """Sends one batch over a realisation; returns for each metric its value for each unit, `[batch]`."""
    labels = np.zeros(len(batch.data), np.int64) if batch.labels is None else batch.labels
    sent = Sent(tf.constant(batch.data), tf.constant(labels))
    parts = (point.transceiver, point.receiver, point.metrics, _unit(batch))
    given = (sent, _snr_db(point), realisation)
    known = point.receiver.knowledge(point.channel)
    if point.transceiver.compiled:
        values = direct(compiled_link(*parts))(*given, any_length(known))
    else:
        values = stepwise_link(*parts)(*given, known)
    return {metric.kind: value.numpy() for metric, value in zip(point.metrics, values, strict=True)}


def _unit(batch: Batch) -> Unit:
    return tuple(batch.data.shape[1:])


def _snr_db(point: "LinkPoint") -> Any:
    given = point.channel.implied_snr_db() if point.channel.implies_snr else point.snr_db
    return tf.constant(0.0 if given is None else given, tf.float32)


@lru_cache(maxsize=16)
def compiled_link(transceiver: Transceiver, receiver: Receiver, metrics: tuple[Metric, ...], unit: Unit) -> Any:
    """The whole link as one graph, from what is sent to each metric's values."""

    @graph
    def link(sent: Sent, snr_db: Any, realisation: Any, knowledge: Any) -> list[Any]:
        csi = Csi(snr_db)
        symbols = transceiver.encode(sent.data, csi)
        received = receiver.receive(realisation.carry(symbols), realisation, knowledge)
        understood = transceiver.decode(received, csi, unit)
        return _values(metrics, sent, understood, _sound(received))

    return link


@lru_cache(maxsize=16)
def stepwise_link(transceiver: Transceiver, receiver: Receiver, metrics: tuple[Metric, ...], unit: Unit) -> Any:
    """The link of a transceiver that leaves TensorFlow (a source codec does); its metrics are still one graph."""

    @graph
    def measure(sent: Sent, understood: Any, sound: Any) -> list[Any]:
        return _values(metrics, sent, understood, sound)

    def understand(data: Any, csi: Csi, realisation: Any, knowledge: Any) -> tuple[Any, Any]:
        if isinstance(transceiver, Bound):
            return transceiver.ideal(data, csi), tf.fill([data.shape[0]], True)
        symbols = transceiver.encode(data, csi)
        received = receiver.receive(realisation.carry(symbols), realisation, knowledge)
        return transceiver.decode(received, csi, unit), _sound(received)

    def link(sent: Sent, snr_db: Any, realisation: Any, knowledge: Any) -> list[Any]:
        values: list[Any] = measure(sent, *understand(sent.data, Csi(snr_db), realisation, knowledge))
        return values

    return link


def _sound(received: Received) -> Any:
    """Whether all symbols of a unit and their noise are finite numbers, `[batch]`: sums of others are not."""
    total = tf.reduce_sum(received.y, axis=1)
    noise = tf.reduce_sum(received.no, axis=1)
    return tf.math.is_finite(tf.math.real(total)) & tf.math.is_finite(tf.math.imag(total)) & tf.math.is_finite(noise)


def _values(metrics: tuple[Metric, ...], sent: Sent, understood: Any, sound: Any) -> list[Any]:
    """Each metric of each unit, `[batch]`; nan for one of whose symbols some are none, which decisions would hide."""
    values = [metric.measure(sent, understood) for metric in metrics]
    return [tf.where(sound, value, tf.constant(np.nan, value.dtype)) for value in values]
