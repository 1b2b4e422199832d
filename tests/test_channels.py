"""The contract that every channel keeps. A new kind is tested by standing in KINDS."""

import json
import pickle
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml

from near import assert_mean
from other_numbers import counted_graphs, otherwise
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Uncoded
from semcom_channels import (
    KINDS,
    Cdl,
    Channel,
    Part,
    PointTargets,
    Rayleigh,
    Rician,
    Rma,
    Streams,
    Tdl,
    Uma,
    Umi,
)
from semcom_channels.arrays import Ula, Upa
from semcom_channels.backend import tf, traced
from semcom_channels.drop import Drop
from semcom_channels.grid_channel import GridChannel, PathChannel
from semcom_channels.link_budget import LinkBudget
from semcom_estimation.receivers import KINDS as RECEIVERS
from semcom_estimation.receivers import LeastSquares, LinearMmse, Perfect, Receiver
from semcom_estimation.receivers.pilots import PilotReceiver

SHAPE = (6, 50)
CHANNELS = [kind.read({"kind": kind.model_fields["kind"].default}) for kind in KINDS]
SYMBOLS = [channel for channel in CHANNELS if channel.carries != "letters"]
every_channel = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.kind)
every_channel_of_symbols = pytest.mark.parametrize("channel", SYMBOLS, ids=lambda channel: channel.kind)


def word_for(channel: Channel) -> np.ndarray:
    """Something that the channel may carry, `SHAPE`."""
    ones = np.ones(SHAPE, np.int32)
    return ones if channel.carries == "letters" else ones.astype(np.complex64)


def carried(channel: Channel, streams: Streams, snr_db: float = 3.0) -> np.ndarray:
    realisation = channel.draw(SHAPE, tf.constant(snr_db), streams)
    return np.asarray(realisation.carry(tf.constant(word_for(channel))))


@every_channel
def test_the_same_streams_give_the_same_draw(channel: Channel, streams: Streams) -> None:
    first = carried(channel, streams)
    carried(channel, replace(streams, chunk=1))  # what was drawn in between does not matter
    np.testing.assert_array_equal(first, carried(channel, streams))


@every_channel
def test_another_chunk_repeat_or_seed_gives_another_draw(channel: Channel, streams: Streams) -> None:
    first = carried(channel, streams)
    for other in (replace(streams, chunk=1), replace(streams, repeat=1), replace(streams, seed=streams.seed + 1)):
        assert (first != carried(channel, other)).any()


@every_channel
def test_rows_of_a_batch_are_different(channel: Channel, streams: Streams) -> None:
    rows = carried(channel, streams)
    assert len(np.unique(rows, axis=0)) == len(rows)


@every_channel
def test_what_arrives_has_the_shape_and_type_of_what_was_sent_or_of_slots(channel: Channel, streams: Streams) -> None:
    sent, arrived = word_for(channel), carried(channel, streams)
    shape = sent.shape
    if isinstance(channel, GridChannel):
        grid = channel.grid
        shape = (len(sent), channel.receive_antennas, grid.symbols, len(grid.occupied))
    assert (arrived.shape, arrived.dtype) == (shape, sent.dtype)
    assert np.isfinite(arrived).all()


@pytest.mark.parametrize("part", [*CHANNELS, *(kind() for kind in RECEIVERS)], ids=lambda part: part.kind)
def test_a_part_comes_back_from_yaml_json_and_pickle(part: Part) -> None:
    copies = (
        type(part).read(yaml.safe_load(yaml.safe_dump(part.plain()))),
        type(part).read(json.loads(part.model_dump_json())),
        pickle.loads(pickle.dumps(part)),
    )
    for copy in copies:
        assert copy == part
        assert (hash(copy), copy.key) == (hash(part), part.key)


def test_channels_that_differ_have_different_keys() -> None:
    assert len({channel.key for channel in CHANNELS}) == len(CHANNELS)
    assert Rayleigh() != Rayleigh(coherence_uses=5)
    assert Rayleigh().key != Rayleigh(coherence_uses=5).key


@every_channel
def test_a_channel_without_snr_ignores_it_and_one_with_snr_does_not(channel: Channel, streams: Streams) -> None:
    same = (carried(channel, streams, 0.0) == carried(channel, streams, 20.0)).all()
    assert same != channel.has_snr
    assert (channel.capacity(0.0) == channel.capacity(20.0)) != channel.has_snr


@every_channel
def test_capacity_is_positive_and_grows_with_the_snr(channel: Channel) -> None:
    capacities = [channel.capacity(snr_db) for snr_db in (-60.0, -20.0, 0.0, 20.0, 60.0, 100.0)]
    assert capacities == sorted(capacities)
    assert capacities[0] > 0.0


@every_channel_of_symbols
def test_the_gain_has_unit_mean_power(channel: Channel, streams: Streams) -> None:
    rows = 4_000 if isinstance(channel, GridChannel) else 40_000
    gain = np.asarray(channel.draw((rows, 3), tf.constant(0.0), streams).gain)
    power = np.mean(np.abs(gain).reshape(len(gain), -1) ** 2, axis=1)  # rows are independent
    if power.std() > 1e-6:
        assert_mean(power, 1.0)
    else:
        np.testing.assert_allclose(power, 1.0, rtol=1e-6)


@every_channel_of_symbols
def test_gradients_flow_from_what_arrives_to_what_was_sent(
    channel: Channel, streams: Streams, rng: np.random.Generator
) -> None:
    """What is carried is affine in what is sent, so differences of the power along any direction are exact."""
    realisation = channel.draw(SHAPE, tf.constant(5.0), streams)
    sent = tf.constant(word_for(channel))
    step = tf.constant(rng.normal(size=SHAPE) + 1j * rng.normal(size=SHAPE), tf.complex64)

    def power(symbols: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(tf.square(tf.abs(realisation.carry(symbols) - 2.0)))

    with tf.GradientTape() as tape:
        tape.watch(sent)
        value = power(sent)
    gradient = tape.gradient(value, sent).numpy()
    along = float(np.sum(np.real(np.conj(gradient) * step.numpy())))
    difference = float(power(sent + step) - power(sent - step)) / 2.0
    np.testing.assert_allclose(along, difference, rtol=1e-3, atol=1e-4 * float(value))


PAIRS = [(channel, kind()) for channel in SYMBOLS for kind in RECEIVERS]


@pytest.mark.parametrize(("channel", "receiver"), PAIRS, ids=lambda part: part.kind)
def test_a_receiver_fits_every_channel_but_that_pilots_need_a_grid(channel: Channel, receiver: Receiver) -> None:
    complaint = receiver.check(channel)
    estimates = isinstance(receiver, PilotReceiver)
    assert (complaint is None) == (isinstance(channel, GridChannel) or not estimates)


@pytest.mark.parametrize(
    ("channel", "receiver"), [pair for pair in PAIRS if pair[1].check(pair[0]) is None], ids=lambda part: part.kind
)
def test_a_receiver_returns_symbols_and_their_noise_for_each_use(
    channel: Channel, receiver: Receiver, streams: Streams
) -> None:
    realisation = channel.draw(SHAPE, tf.constant(5.0), streams)
    arrived = realisation.carry(tf.constant(word_for(channel)))
    received = receiver.receive(arrived, realisation, receiver.knowledge(channel))
    assert received.y.shape == received.no.shape == SHAPE
    assert (received.no.numpy() > 0.0).all()


@every_channel_of_symbols
def test_one_more_snr_costs_no_retrace(channel: Channel, rng: np.random.Generator) -> None:
    unit = (40 + int(rng.integers(20)),)
    transceiver, receiver, metrics = Uncoded(modulation="bpsk"), Perfect(), (BitErrorRate(),)
    traces = []
    for snr_db in (0.0, 7.5, -3.0):
        point = LinkPoint(
            source=RandomBits(packet_bits=unit[0]),
            transceiver=transceiver,
            channel=channel,
            receiver=receiver,
            metrics=metrics,
            batch=4,
            snr_db=snr_db if channel.has_snr else None,
        )
        keys = point.stream_keys()
        for chunk in range(2):
            point.evaluate(Streams(0, 0, chunk, keys))
        traces.append(traced.cache_info().misses)
    assert len(set(traces)) == 1


def evaluated(channel: Channel, receivers: Sequence[Receiver]) -> None:
    """A chunk over the channel to each receiver that fits it."""
    for receiver in receivers:
        if receiver.check(channel) is None:
            point = LinkPoint(
                source=RandomBits(packet_bits=SHAPE[1]),
                transceiver=Uncoded(modulation="bpsk"),
                channel=channel,
                receiver=receiver,
                metrics=(BitErrorRate(),),
                batch=SHAPE[0],
                snr_db=5.0 if channel.has_snr and not channel.implies_snr else None,
            )
            point.evaluate(Streams(0, 0, 0, point.stream_keys()))


def assert_other_numbers_build_no_graph(channel: Channel, receivers: Sequence[Receiver]) -> None:
    evaluated(channel, receivers)
    with counted_graphs() as built:
        evaluated(otherwise(channel), receivers)
    assert not built


@every_channel_of_symbols
def test_other_numbers_of_a_channel_build_no_graph(channel: Channel) -> None:
    """One graph serves all speeds, delay spreads, carriers and so on, and what receivers know of them."""
    sampled = isinstance(channel, Drop)  # a filter knows a sample of 2,000 users
    assert_other_numbers_build_no_graph(channel, [Perfect(), LeastSquares(), *([] if sampled else [LinearMmse()])])


CORRELATED = Tdl(profile="D", correlation=0.5, terminal=Ula(elements=2), base=Ula(elements=2))
USERS: dict[str, Any] = {"users": 4, "indoor_probability": 0.5, "budget": LinkBudget()}
VARIANTS = [
    CORRELATED,
    *(kind(domain="time") for kind in (Tdl, PointTargets)),
    pytest.param(Cdl(domain="time"), marks=pytest.mark.slow),
    pytest.param(Cdl(profile="E", precoding="eigenbeams", base=Upa(pattern="38.901")), marks=pytest.mark.slow),
    *(pytest.param(kind(user=1, **USERS), marks=pytest.mark.slow) for kind in (Umi, Uma, Rma)),
    *(pytest.param(kind(indoor_probability=0.5), marks=pytest.mark.slow) for kind in (Umi, Uma, Rma)),
    pytest.param(Umi(domain="time"), marks=pytest.mark.slow),
]


@pytest.mark.parametrize("channel", VARIANTS, ids=lambda channel: f"{channel.kind}, {channel.domain}")
def test_other_numbers_build_no_graph_in_any_variant_of_a_channel(channel: PathChannel) -> None:
    """In either domain, for one user or all; these take a minute together, where they are slow."""
    assert_other_numbers_build_no_graph(channel, [Perfect(), LeastSquares(), LinearMmse()])


def test_a_perfect_receiver_undoes_the_gain(streams: Streams) -> None:
    channel = Rician(k_factor_db=0.0, coherence_uses=10)
    realisation = channel.draw(SHAPE, tf.constant(8.0), streams)
    sent = word_for(channel)
    received = Perfect().receive(realisation.gain * sent, realisation)
    np.testing.assert_allclose(received.y, sent, rtol=1e-5)
    expected = 10.0**-0.8 / np.abs(np.asarray(realisation.gain)) ** 2
    np.testing.assert_allclose(received.no, expected, rtol=1e-4)
