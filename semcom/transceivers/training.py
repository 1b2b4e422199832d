"""Training a learned transceiver through its channel."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from semcom.transceivers.layers import keras
from semcom.transceivers.learned import Learned
from semcom.transceivers.transceiver import Csi
from semcom_channels import Streams
from semcom_channels.backend import graph, tf
from semcom_estimation.receivers import Perfect

WARM_UP = 200  # steps during which the learning rate rises
LAST_RATE = 0.01  # of the first


class Step(NamedTuple):
    """How far training is."""

    step: int
    """Steps done."""
    loss: float
    """The mean loss since the last report."""
    networks: Any
    """The networks as they are now."""


def train(transceiver: Learned, report_every: int = 100) -> Iterator[Step]:
    """Trains fresh networks and reports now and then; the last report comes with the finished networks.

    Every step draws its batch, its SNR and its noise from streams of the step's number: the same weights each time on
    the same kind of processor.
    """
    training = transceiver.training
    networks = transceiver.networks(training.seed)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0,
        training.steps,
        LAST_RATE,
        warmup_target=training.learning_rate,
        warmup_steps=min(WARM_UP, training.steps // 2),
    )
    optimiser = keras.optimizers.Adam(schedule, global_clipnorm=1.0)

    @graph
    def descend(data: Any, labels: Any, snr_db: Any, realisation: Any) -> Any:
        with tf.GradientTape() as tape:
            csi = Csi(snr_db)
            symbols = transceiver.send(networks, data, csi)
            received = Perfect().receive(realisation.carry(symbols), realisation)
            understood = transceiver.understand(networks, received, csi, tuple(data.shape[1:]))
            loss = transceiver.loss(networks, data, labels, symbols, received, understood)
        gradients = tape.gradient(loss, networks.trainable_variables)
        optimiser.apply_gradients(zip(gradients, networks.trainable_variables, strict=True))
        return loss

    losses: list[float] = []
    for step in range(training.steps):
        losses.append(float(descend(*_draw(transceiver, step))))
        if (step + 1) % report_every == 0 or step + 1 == training.steps:
            yield Step(step + 1, float(np.mean(losses)), networks)
            losses.clear()


def _draw(transceiver: Learned, step: int) -> tuple[Any, Any, Any, Any]:
    training = transceiver.training
    streams = Streams(training.seed, 0, step, dict.fromkeys(("source", "snr", "channel", "noise"), 0))
    (batch,) = training.source.draw(training.batch, streams.rng("source"))
    low, high = training.snr_db
    snr_db = tf.constant(streams.rng("snr").uniform(low, high), tf.float32)
    uses = transceiver.cost(batch.data.shape[1:]).channel_uses
    realisation = training.channel.draw((training.batch, uses), snr_db, streams)
    labels = np.zeros(training.batch, np.int64) if batch.labels is None else batch.labels
    return tf.constant(batch.data), tf.constant(labels), snr_db, realisation
