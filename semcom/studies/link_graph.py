"""The compiled link: transceiver, channel and metrics in one graph, which serves every SNR."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom.metrics import Metric, Sent
from semcom.sources import Batch
from semcom.transceivers import Bound, Csi, Law, Transceiver, Unit
from semcom_channels import Realisation, Streams
from semcom_channels.backend import direct, graph, tf
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
    if point.transceiver.compiled:
        values = direct(compiled_link(*parts))(sent, _snr_db(point), realisation)
    else:
        values = stepwise_link(*parts)(sent, _csi(point, batch, realisation), realisation)
    return {metric.kind: value.numpy() for metric, value in zip(point.measures(), values, strict=True)}


def _csi(point: "LinkPoint", batch: Batch, realisation: Realisation) -> Csi:
    """What the sender knows; feedback tells what noise the receiver finds behind known symbols of unit power."""
    uses = max(point.transceiver.cost(unit).channel_uses for unit in point.source.units())
    known = Csi(_snr_db(point), Law(point.channel, point.receiver, uses))
    if not point.transceiver.needs_feedback:
        return known
    shape = (len(batch.data), point.transceiver.cost(_unit(batch)).channel_uses)
    heard = point.receiver.receive(realisation.carry(tf.ones(shape, tf.complex64)), realisation)
    return known._replace(noise=tf.broadcast_to(heard.no, shape))


def _unit(batch: Batch) -> Unit:
    return tuple(batch.data.shape[1:])


def _snr_db(point: "LinkPoint") -> Any:
    given = point.channel.implied_snr_db() if point.channel.implies_snr else point.snr_db
    return tf.constant(0.0 if given is None else given, tf.float32)


@cache
def compiled_link(transceiver: Transceiver, receiver: Receiver, metrics: tuple[Metric, ...], unit: Unit) -> Any:
    """The whole link as one graph, from what is sent to each metric's values."""

    @graph
    def link(sent: Sent, snr_db: Any, realisation: Any) -> list[Any]:
        csi = Csi(snr_db)
        symbols = transceiver.encode(sent.data, csi)
        received = receiver.receive(realisation.carry(symbols), realisation)
        understood = transceiver.decode(received, csi, unit)
        return [metric.measure(sent, understood) for metric in metrics]

    return link


@cache
def stepwise_link(transceiver: Transceiver, receiver: Receiver, metrics: tuple[Metric, ...], unit: Unit) -> Any:
    """The link of a transceiver that leaves TensorFlow (a source codec does); its metrics are still one graph."""

    @graph
    def measure(sent: Sent, understood: Any, delivered: Any) -> list[Any]:
        return [metric.measure(sent, delivered if metric.judges_delivery else understood) for metric in metrics]

    def understand(data: Any, csi: Csi, realisation: Any) -> Any:
        if isinstance(transceiver, Bound):
            return transceiver.ideal(data, csi), None
        symbols = transceiver.encode(data, csi)
        received = receiver.receive(realisation.carry(symbols), realisation)
        if not transceiver.sends_files:
            return transceiver.decode(received, csi, unit), None
        delivered = transceiver.deliver(received, csi, unit)
        return delivered.data, delivered

    def link(sent: Sent, csi: Csi, realisation: Any) -> list[Any]:
        values: list[Any] = measure(sent, *understand(sent.data, csi, realisation))
        return values

    return link
