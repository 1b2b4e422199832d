"""No number that is not finite enters a record: every kind at the ends of the range of SNRs, and what happens else."""

import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from semcom.metrics import METRICS, BitErrorRate
from semcom.scenes.uniform import Uniform
from semcom.sensing_metrics import KINDS as SENSING_METRICS
from semcom.sensing_metrics.errors import StatedDeviation
from semcom.sources import Digits, Photographs, RandomBits, Source
from semcom.studies.link_point import LinkPoint
from semcom.studies.sensing_point import SensingPoint
from semcom.studies.tallies import root_of, tally_of
from semcom.sweep.failure import PointError
from semcom.sweep.sweep import evaluate
from semcom.tally import RootMean, Tallies
from semcom.transceivers import KINDS as TRANSCEIVERS
from semcom.transceivers import Learned, Transceiver, weights
from semcom_channels import Awgn, Channel, Rayleigh, Received, Streams, Tdl, Trace
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.ofdm_grid import OfdmGrid, Pilots
from semcom_channels.spec import name_of
from semcom_channels.units import SNR_DB_RANGE
from semcom_estimation.receivers import KINDS as RECEIVERS
from semcom_estimation.receivers import Perfect
from semcom_estimation.receivers.detectors import KINDS as DETECTORS
from semcom_estimation.sensing import KINDS as ESTIMATORS
from sensing_scene import MODEL

SENT: dict[str, Source] = {  # what each kind is tried with
    "uncoded": RandomBits(packet_bits=120),
    "coded": RandomBits(packet_bits=120),
    "separate": Digits(),
    "vib_classifier": Digits(),
}
TILES = Photographs(view="tiles", tile=48)
FIELDS: dict[str, dict[str, str]] = {  # codes that are quick to build
    "coded": {"code": "polar"},
    "separate": {"codec": "pcm", "code": "polar", "crc": "CRC6", "bandwidth_ratio": "1/2"},
}
GROWING = ("bourtsoulatze2019", "xu2021")  # whose normalisations square what arrives, layer by layer
GRID = OfdmGrid(subcarriers=12, symbols=4, pilots=Pilots(symbols=(1,)))


def all_finite(tallies: Tallies) -> bool:
    return all(bool(np.isfinite(np.hstack(list(tally))).all()) for tally in tallies.values())


def link(transceiver: Transceiver, source: Source, channel: Channel, receiver: Any, snr_db: float) -> LinkPoint:
    metrics: Any = tuple(METRICS.kinds[name].read({"kind": name}) for name in source.metrics)
    fields = {"source": source, "transceiver": transceiver, "channel": channel, "receiver": receiver}
    return LinkPoint.model_construct(**fields, metrics=metrics, batch=2, snr_db=snr_db)


@pytest.mark.parametrize("kind", TRANSCEIVERS, ids=name_of)
def test_every_transceiver_measures_finite_numbers_at_any_snr(
    kind: type[Transceiver], monkeypatch: pytest.MonkeyPatch, streams: Streams
) -> None:
    """Learned ones with networks before training, which their key does not change; some overflow, and then say so."""
    transceiver = kind.read({"kind": name_of(kind), **FIELDS.get(name_of(kind), {})})
    if isinstance(transceiver, Learned):
        networks = weights.fresh(transceiver)
        monkeypatch.setattr(weights, "trained", lambda _: networks)
    source = SENT.get(transceiver.kind, TILES)
    for snr_db in SNR_DB_RANGE:
        point = link(transceiver, source, Rayleigh(), Perfect(), snr_db)
        if transceiver.kind in GROWING and snr_db < 0.0:
            assert re.fullmatch(r"|psnr is not finite in \d of 2 values; .*", failure(point, streams))
        else:
            assert all_finite(point.evaluate(streams))


def failure(point: LinkPoint, streams: Streams) -> str:
    """What a point says that fails for its numbers; nothing for one that does not."""
    try:
        assert all_finite(point.evaluate(streams))
    except ArithmeticError as error:
        return str(error)
    return ""


def rank_one(folder: Path, rng: np.random.Generator) -> Trace:
    """Two streams that arrive alike but for a phase, and one that does not arrive at all."""
    parts = [rng.normal(size=(5, 3, 1, 12)) + 1j * rng.normal(size=(5, 3, 1, 12)), np.array([1.0, 1j, 0.0])]
    np.savez(folder / "alike.npz", gains=(parts[0] * parts[1][:, None]).astype(np.complex64))
    return Trace(file=str(folder / "alike.npz"), grid=GRID)


@pytest.mark.parametrize("detector", DETECTORS, ids=name_of)
@pytest.mark.parametrize("kind", RECEIVERS, ids=name_of)
def test_every_receiver_and_detector_measures_finite_numbers_at_any_snr(
    kind: Any, detector: Any, tmp_path: Path, rng: np.random.Generator, streams: Streams
) -> None:
    receiver = kind(detector=detector())
    moving = Tdl(terminal=Ula(elements=2), base=Ula(elements=2), grid=GRID, speed_m_s=300.0, domain="time")
    channels: tuple[Tdl | Trace, ...] = (moving, rank_one(tmp_path, rng))
    for channel in channels:
        uses = 30 * channel.streams
        for snr_db in (*SNR_DB_RANGE, 20.0):
            realisation = channel.draw((4, uses), tf.constant(snr_db), streams)
            arrived = realisation.carry(tf.ones((4, uses), tf.complex64))
            received = receiver.receive(arrived, realisation, receiver.knowledge(channel))
            assert np.isfinite(received.y).all()
            assert np.isfinite(received.no).all()
            assert (np.asarray(received.no) > 0.0).all()


@pytest.mark.parametrize("kind", ESTIMATORS, ids=name_of)
def test_every_estimator_measures_finite_numbers_at_any_snr(kind: Any, rng: np.random.Generator) -> None:
    """Where no target is found there are no errors: a root mean square of none, and the record says so."""
    metrics = tuple(one.read({"kind": name_of(one)}) for one in SENSING_METRICS)
    for snr_db in SNR_DB_RANGE:
        point = SensingPoint(
            model=MODEL,
            scene=Uniform(targets=2),
            estimator=kind.read({"kind": name_of(kind)}),
            metrics=tuple(metric for metric in metrics if metric.check(MODEL, 2) is None),
            known_order=True,
            known_noise=True,
            trials=2,
            snr_db=snr_db,
        )
        tallies = point.evaluate(Streams(int(rng.integers(2**31)), 0, 0, point.stream_keys()))
        assert all_finite(tallies)
        errors = [tallies[name] for name in ("rmse_angle_deg", "rmse_range_m", "normalised_delay")]
        assert all(isinstance(tally, RootMean) and tally.values for tally in errors) or snr_db < 0.0


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_metric_that_is_not_finite_fails_by_its_name(value: float) -> None:
    told = rf"^ber is not finite in 2 of 4 values; the first is {value}, number 2$"
    with pytest.raises(ArithmeticError, match=told):
        tally_of(BitErrorRate(), [1.0, value, 0.0, value], 10)
    told = rf"^stated_deviation is not finite in 1 of 3 values; the first is {value}, number 3$"
    with pytest.raises(ArithmeticError, match=told):
        root_of(StatedDeviation(), [[1.0], [], [1.0, value]])
    assert root_of(StatedDeviation(), [[], []]).values == 0


class Broken(Perfect):
    """Perfect but for one symbol of the second unit, or for its noise."""

    symbol: bool

    def receive(self, *given: Any) -> Received:
        y, no, joint = super().receive(*given)
        place = tf.scatter_nd([[1, 3]], [1.0], tf.shape(y)) > 0.0
        if self.symbol:
            return Received(tf.where(place, tf.constant(np.nan, tf.complex64), y), no, joint)
        return Received(y, tf.where(place, np.float32(np.inf), no), joint)


@pytest.mark.parametrize("symbol", [True, False])
@pytest.mark.parametrize("kind", ["uncoded", "separate"])
def test_symbols_that_are_no_numbers_fail_the_point_though_decisions_would_hide_them(
    kind: str, symbol: bool, streams: Streams
) -> None:
    """In the compiled link and in the stepwise one; an error crosses from a worker as one line."""
    (one,) = (one for one in TRANSCEIVERS if name_of(one) == kind)
    source, transceiver = SENT[kind], one.read({"kind": kind, **FIELDS.get(kind, {})})
    point = link(transceiver, source, Awgn(), Broken(symbol=symbol), 10.0)
    told = f"^ArithmeticError: {source.metrics[0]} is not finite in 1 of 2 values; the first is nan, number 2$"
    with pytest.raises(PointError, match=told):
        evaluate(point, 1, 0, 0, 1)


def test_a_stated_variance_of_nought_is_no_statement_that_is_left_out() -> None:
    """Only nan says that nothing is stated."""
    match = SimpleNamespace(estimate=np.array([0, 1, 2]))
    stated = np.array([[0.5], [np.nan], [0.0]])
    trial: Any = SimpleNamespace(match=match, errors=np.ones((3, 1)), stated=stated)
    with np.errstate(divide="ignore"):
        assert StatedDeviation().values(trial) == [2.0, math.inf]
