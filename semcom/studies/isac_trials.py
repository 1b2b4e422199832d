"""A chunk of frames: data over the link, targets from what is heard of the very same frames."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom.scenes import Truth
from semcom.sensing_metrics import Trial
from semcom.sources import Batch
from semcom.studies.isac_truth import truths
from semcom.studies.link_graph import encoded, measured, realised
from semcom.studies.link_point import within
from semcom.studies.sensing_trials import bound_itself, bounds, scored, tones
from semcom.studies.sensor import Sensor
from semcom_channels import Streams
from semcom_channels.target_realisation import TargetRealisation
from semcom_channels.target_sight import Sight
from semcom_estimation.sensing.elements import Measured
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.pattern import known_elements, regular
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.targets import Targets

if TYPE_CHECKING:
    from semcom.studies.isac_point import IsacPoint

ONE_MODULUS = 1e-5  # by which moduli of symbols differ in rounding alone


def run(point: "IsacPoint", batches: Sequence[Batch], streams: Streams) -> tuple[list[Mapping[str, Any]], list[Trial]]:
    """The link's metrics of each batch, and a trial of each unit: one realisation serves both."""
    values, trials = [], []
    for index, batch in enumerate(batches):
        realisation = realised(point.link, batch, within(streams, index))
        if not isinstance(realisation, TargetRealisation):
            raise TypeError(f"{type(realisation).__name__} returns no echoes")
        values.append(measured(point.link, batch, realisation))
        trials += _sensed(point, encoded(point.link, batch, realisation), realisation)
    return values, trials


def _sensed(point: "IsacPoint", symbols: Any, realisation: TargetRealisation) -> list[Trial]:
    sensor, layout, channel = point.sensor, realisation.layout, point.channel
    pattern = regular(known_elements(layout, sensor.known), channel.grid)
    model = point.model()
    if sensor.at == "base":
        sight, arrived = realisation.echoed().truth, realisation.echoes(symbols)
    else:
        sight, arrived = realisation.seen, realisation.carry(symbols)
    heard = pattern.of(_frames(arrived.numpy(), layout.slots))
    sent = pattern.of(_frames(layout.filled(symbols).numpy(), layout.slots))
    every = truths(model, Sight(*(value.numpy() for value in sight)), channel, pattern)
    noise_power = float(realisation.noise_power)
    return [_trial(sensor, model, truth, heard[unit], sent[unit], noise_power) for unit, truth in enumerate(every)]


def _frames(slots: np.ndarray, count: int) -> np.ndarray:
    """Frames `[batch, antenna, symbol, subcarrier]` of slots `[batch * slots, antenna, symbol, subcarrier]`."""
    apart = slots.reshape(-1, count, *slots.shape[1:]).swapaxes(1, 2)
    return apart.reshape(*apart.shape[:2], -1, apart.shape[-1])


def _trial(
    sensor: Sensor, model: SignalModel, truth: Truth, heard: np.ndarray, sent: np.ndarray, noise_power: float
) -> Trial:
    """One unit. The bound is that of the frame's mean power, which no estimate of elements passes."""
    bound = bounds(model, truth, noise_power / float(np.mean(np.abs(sent) ** 2)))
    estimator = sensor.estimator
    if not isinstance(estimator, Estimator):
        return bound_itself(model, sensor.gate_bins, truth, bound)
    begin = time.process_time()
    found = _estimated(sensor, estimator, model, heard, sent, noise_power, len(truth.gains))
    return scored(model, sensor.gate_bins, truth, bound, found, time.process_time() - begin)


def _estimated(
    sensor: Sensor,
    estimator: Estimator,
    model: SignalModel,
    heard: np.ndarray,
    sent: np.ndarray,
    noise_power: float,
    count: int,
) -> Targets:
    """Targets of elements, and again of elements beside those targets."""

    def search(elements: Measured) -> Targets:
        variance = elements.noise_variance if sensor.known_noise else None
        known = count if sensor.known_order else None
        return estimator.estimate(elements.tensor.reshape(model.shape), model, variance, known)

    found = search(sensor.element.estimate(heard, sent, noise_power))
    for _ in range(0 if np.ptp(np.abs(sent)) < ONE_MODULUS else sensor.cancellations):
        if not found.order:
            break
        known = tones(model, found.frequencies, found.gains).reshape(heard.shape)
        found = search(sensor.element.beside(heard, sent, noise_power, known))
    return found
