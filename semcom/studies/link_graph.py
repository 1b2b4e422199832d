"""The compiled link: transceiver, channel and metrics in one graph, which serves every SNR."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom.metrics import Metric, Sent
from semcom.sources import Batch
from semcom.transceivers import Bound, Csi, Law, Transceiver, Unit
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


def encoded(point: "LinkPoint", batch: Batch, realisation: Realisation) -> Any:
    """The symbols of a batch, `[batch, uses]`: those that `measured` sends over the realisation."""
    return point.transceiver.encode(tf.constant(batch.data), _csi(point, batch, realisation))


def measured(point: "LinkPoint", batch: Batch, realisation: Realisation) -> Mapping[str, Any]:
    """Sends one batch over a realisation; returns for each metric its value for each unit, `[batch]`."""
    labels = np.zeros(len(batch.data), np.int64) if batch.labels is None else batch.labels
    sent = Sent(tf.constant(batch.data), tf.constant(labels))
    parts = (point.transceiver, point.receiver, point.measures(), _unit(batch))
    known = point.receiver.knowledge(point.channel)
    if point.transceiver.compiled:
        values = direct(compiled_link(*parts))(sent, _snr_db(point), realisation, any_length(known))
    else:
        values = stepwise_link(*parts)(sent, _csi(point, batch, realisation), realisation, known)
    return {metric.kind: value.numpy() for metric, value in zip(point.measures(), values, strict=True)}


def _csi(point: "LinkPoint", batch: Batch, realisation: Realisation) -> Csi:
    """What the sender knows; feedback tells what noise the receiver finds behind known symbols of unit power."""
    uses = max(point.transceiver.cost(unit).channel_uses for unit in point.source.units())
    known = Csi(_snr_db(point), Law(point.channel, point.receiver, uses))
    if not point.transceiver.needs_feedback:
        return known
    receiver = point.receiver
    shape = (len(batch.data), point.transceiver.cost(_unit(batch)).channel_uses)
    arrived = realisation.carry(tf.ones(shape, tf.complex64))
    heard = receiver.receive(arrived, realisation, receiver.knowledge(point.channel))
    return known._replace(noise=tf.broadcast_to(heard.no, shape))


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
    def measure(sent: Sent, understood: Any, delivered: Any, sound: Any) -> list[Any]:
        return _values(metrics, sent, understood, sound, delivered)

    def understand(data: Any, csi: Csi, realisation: Any, knowledge: Any) -> tuple[Any, Any, Any]:
        if isinstance(transceiver, Bound):
            return transceiver.ideal(data, csi), None, tf.fill([data.shape[0]], True)
        symbols = transceiver.encode(data, csi)
        received = receiver.receive(realisation.carry(symbols), realisation, knowledge)
        if not transceiver.sends_files:
            return transceiver.decode(received, csi, unit), None, _sound(received)
        delivered = transceiver.deliver(received, csi, unit)
        return delivered.data, delivered, _sound(received)

    def link(sent: Sent, csi: Csi, realisation: Any, knowledge: Any) -> list[Any]:
        values: list[Any] = measure(sent, *understand(sent.data, csi, realisation, knowledge))
        return values

    return link


def _sound(received: Received) -> Any:
    """Whether all symbols of a unit and their noise are finite numbers, `[batch]`: sums of others are not."""
    total = tf.reduce_sum(received.y, axis=1)
    noise = tf.reduce_sum(received.no, axis=1)
    return tf.math.is_finite(tf.math.real(total)) & tf.math.is_finite(tf.math.imag(total)) & tf.math.is_finite(noise)


def _values(metrics: tuple[Metric, ...], sent: Sent, understood: Any, sound: Any, delivered: Any = None) -> list[Any]:
    """Each metric of each unit, `[batch]`; nan for one of whose symbols some are none, which decisions would hide.

    Metrics of files judge what was `delivered`.
    """
    values = [metric.measure(sent, delivered if metric.judges_delivery else understood) for metric in metrics]
    return [tf.where(sound, value, tf.constant(np.nan, value.dtype)) for value in values]
