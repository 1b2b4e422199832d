"""What is compared in one figure meets the same pictures and the same fades; all that is averaged is independent."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from semcom.metrics import BitErrorRate, Psnr
from semcom.sources import Batch, Photographs, RandomBits, Source
from semcom.studies import link_graph
from semcom.studies.link_graph import realised
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Separate, Transceiver, Uncoded
from semcom_channels import Rayleigh, Streams
from semcom_channels.tdl import Tdl
from semcom_estimation.receivers import LeastSquares, Perfect, Receiver

BITS = RandomBits(packet_bits=24)


def point(
    transceiver: Transceiver = Uncoded(modulation="qpsk"),  # noqa: B008
    snr_db: float = 0.0,
    channel: Rayleigh | Tdl = Rayleigh(coherence_uses=1),  # noqa: B008
    receiver: Receiver = Perfect(),  # noqa: B008
    source: Source = BITS,
) -> LinkPoint:
    metric = BitErrorRate() if source is BITS else Psnr()
    return LinkPoint(
        source=source,
        transceiver=transceiver,
        channel=channel,
        receiver=receiver,
        metrics=(metric,),
        batch=2,
        snr_db=snr_db,
    )


def numbers(one: LinkPoint) -> dict[str, int]:
    """The seeds of a point's purposes in its first chunk."""
    streams = Streams(1, 0, 0, one.stream_keys())
    return {purpose: streams.number(purpose) for purpose in ("source", "channel", "noise")}


@pytest.mark.parametrize("channel", [Rayleigh(coherence_uses=1), Tdl()])
def test_fades_are_the_same_at_every_snr(channel: Rayleigh | Tdl) -> None:
    gains = []
    for snr_db in (-5.0, 0.0, 20.0):
        one = point(snr_db=snr_db, channel=channel)
        streams = Streams(1, 0, 0, one.stream_keys())
        (batch,) = one.source.draw(2, streams.rng("source"))
        gains.append(np.asarray(realised(one, batch, streams).gain))
    assert np.array_equal(gains[0], gains[1])
    assert np.array_equal(gains[0], gains[2])


def test_pictures_and_fades_are_the_same_for_every_transceiver_and_receiver() -> None:
    here = numbers(point(channel=Tdl()))
    for other in (point(Uncoded(modulation="bpsk"), channel=Tdl()), point(receiver=LeastSquares(), channel=Tdl())):
        assert {numbers(other)[purpose] == here[purpose] for purpose in ("source", "channel")} == {True}


def test_noise_is_the_same_for_every_receiver_and_for_nothing_else() -> None:
    here = numbers(point(channel=Tdl()))["noise"]
    assert numbers(point(receiver=LeastSquares(), channel=Tdl()))["noise"] == here
    others = [point(snr_db=1.0, channel=Tdl()), point(Uncoded(modulation="bpsk"), channel=Tdl()), point()]
    assert len({here, *(numbers(other)["noise"] for other in others)}) == 4


def test_batches_of_a_chunk_meet_fades_and_noise_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[dict[str, int]] = []

    def watched(one: LinkPoint, batch: Batch, streams: Streams) -> Mapping[str, Any]:
        met.append({purpose: streams.number(purpose) for purpose in ("channel", "noise")})
        return {metric.kind: np.zeros(len(batch.data)) for metric in one.measures()}

    monkeypatch.setattr(link_graph, "run", watched)
    one = point(Separate(), source=Photographs(view="whole"))
    for chunk in range(2):
        one.evaluate(Streams(1, 0, chunk, one.stream_keys()))
    assert len(met) > 2  # pictures of a size are a batch
    for purpose in ("channel", "noise"):
        assert len({numbers[purpose] for numbers in met}) == len(met)
