"""The contract of transceivers, over every kind."""

import pickle
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import pytest

from semcom.sources import Batch, Digits, Photographs, RandomBits, Source
from semcom.studies.link_graph import run
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import KINDS, TRANSCEIVERS, Bound, Csi, DctJscc, Learned, Separate, Transceiver, Xu2021
from semcom.transceivers.deep_jscc import DeepJscc
from semcom.transceivers.picture_spectrum import basis, block_variances, dct_matrix, grid_variances, strongest
from semcom.transceivers.power import mmse_weighted
from semcom.transceivers.training import train
from semcom.transceivers.weights import fresh
from semcom_channels import Awgn, Received, Streams
from semcom_channels.backend import tf, traced
from semcom_estimation.receivers import Perfect

SENT: dict[str, Source] = {  # what each kind is tried with
    "uncoded": RandomBits(packet_bits=120),
    "coded": RandomBits(packet_bits=120),
    "separate": Photographs(view="tiles", tile=192),
    "bourtsoulatze2019": Photographs(view="tiles", tile=48),
    "xu2021": Photographs(view="tiles", tile=48),
    "dct_jscc": Photographs(view="tiles", tile=48),
    "vib_classifier": Digits(),
}
ALL = [kind.read({"kind": name}) for name, kind in TRANSCEIVERS.kinds.items() if kind in KINDS]
SENDERS = [one for one in ALL if isinstance(one, Transceiver) and not isinstance(one, Bound)]
LEARNED = [one for one in ALL if isinstance(one, Learned)]


def named(part: Any) -> str:
    return str(part.kind)


def batch_of(transceiver: Transceiver, rng: np.random.Generator) -> Batch:
    (batch,) = SENT[transceiver.kind].draw(3, rng)
    return batch


def sent_by(transceiver: Transceiver, batch: Batch, csi: Csi) -> Any:
    """Symbols; a learned transceiver's from networks before training, since not every default is shipped."""
    data = tf.constant(batch.data)
    if isinstance(transceiver, Learned):
        return transceiver.send(fresh(transceiver), data, csi)
    return transceiver.encode(data, csi)


@pytest.mark.parametrize("transceiver", ALL, ids=named)
def test_a_transceiver_comes_back_from_yaml_and_pickle(transceiver: Transceiver) -> None:
    assert type(transceiver).read(transceiver.plain()) == transceiver
    back = pickle.loads(pickle.dumps(transceiver))
    assert back == transceiver
    assert hash(back) == hash(transceiver)


@pytest.mark.parametrize("transceiver", SENDERS, ids=named)
def test_symbols_have_unit_power_and_are_as_many_as_is_said(transceiver: Transceiver, rng: np.random.Generator) -> None:
    batch = batch_of(transceiver, rng)
    symbols = sent_by(transceiver, batch, Csi(tf.constant(12.0))).numpy()
    unit = batch.data.shape[1:]
    assert symbols.shape == (3, transceiver.cost(unit).channel_uses)
    assert symbols.dtype == np.complex64
    powers = np.abs(symbols) ** 2
    chance = 0.0 if transceiver.compiled else 7.0 * powers.std() / np.sqrt(powers.shape[1])  # of the bits that are sent
    np.testing.assert_allclose(powers.mean(axis=1), 1.0, atol=2e-5 + chance)


@pytest.mark.parametrize("transceiver", LEARNED, ids=named)
def test_gradients_flow_from_what_is_understood_to_every_weight(
    transceiver: Learned, rng: np.random.Generator, streams: Streams
) -> None:
    networks = fresh(transceiver)
    for variable in networks.trainable_variables:  # layers that start at zero would block what stands before them
        variable.assign_add(tf.constant(rng.normal(0.0, 0.02, variable.shape), tf.float32))
    batch = batch_of(transceiver, rng)
    unit = tuple(batch.data.shape[1:])
    snr_db = tf.constant(5.0)
    realisation = Awgn().draw((3, transceiver.cost(unit).channel_uses), snr_db, streams)
    labels = tf.zeros(3, tf.int64) if batch.labels is None else tf.constant(batch.labels)
    with tf.GradientTape() as tape:
        data = tf.constant(batch.data)
        symbols = transceiver.send(networks, data, Csi(snr_db))
        received = Perfect().receive(realisation.carry(symbols), realisation)
        understood = transceiver.understand(networks, received, Csi(snr_db), unit)
        loss = transceiver.loss(networks, data, labels, symbols, received, understood)
    gradients = tape.gradient(loss, networks.trainable_variables)
    for variable, gradient in zip(networks.trainable_variables, gradients, strict=True):
        assert gradient is not None, variable.path
        assert np.all(np.isfinite(gradient.numpy())), variable.path
        assert np.any(gradient.numpy() != 0.0), variable.path


@pytest.mark.parametrize("kind", ["bourtsoulatze2019", "xu2021"])
def test_training_makes_the_loss_smaller(kind: str) -> None:
    tiles = {"kind": "photographs", "split": "train", "view": "tiles", "tile": 32}
    training = {"steps": 60, "batch": 4, "snr_db": [0, 20], "source": tiles}
    transceiver = TRANSCEIVERS.kinds[kind].read({"kind": kind, "training": training})
    assert isinstance(transceiver, Learned)
    losses = [step.loss for step in train(transceiver, report_every=20)]
    assert losses[-1] < losses[0]


def heard_clearly(transceiver: DctJscc, networks: Any, data: Any, snr_db: float, noise_power: float = 1e-4) -> Any:
    """What is understood of symbols that the sender allots for `snr_db` and that arrive all but without noise."""
    csi = Csi(tf.constant(snr_db))
    symbols = transceiver.send(networks, data, csi)
    received = Received(symbols, tf.fill(symbols.shape, noise_power))
    return transceiver.understand(networks, received, csi, tuple(data.shape[1:]))


@pytest.mark.parametrize("pilot", [True, False])
def test_the_receiver_undoes_the_power_that_the_sender_allotted_whatever_the_fade(
    pilot: bool, rng: np.random.Generator
) -> None:
    networks = fresh(transceiver := DctJscc(pilot=pilot))
    follow_the_snr = networks.by_channel.layers[-1].kernel
    follow_the_snr.assign(tf.constant(rng.normal(0.0, 1.0, follow_the_snr.shape), tf.float32))
    data = tf.constant(Photographs(view="whole").draw(1, rng)[0].data)
    centred = data - 0.5
    understood = heard_clearly(transceiver, networks, data, snr_db=-10.0) - 0.5
    gain = float(tf.reduce_sum(understood * centred) / tf.reduce_sum(tf.square(centred)))
    lost = tf.math.reduce_variance(understood - gain * centred) / tf.math.reduce_variance(gain * centred)
    assert float(lost) < (0.03 if pilot else 0.1)  # a receiver that takes another SNR for the sender's loses 2


def test_the_pilot_tells_the_receiver_how_much_a_picture_was_scaled(rng: np.random.Generator) -> None:
    transceiver = DctJscc()
    networks = fresh(transceiver)
    batch = Photographs(view="whole").draw(1, rng)[0]
    for contrast in (0.25, 0.5, 1.0):
        data = tf.constant(0.5 + contrast * (batch.data - 0.5))
        understood = heard_clearly(transceiver, networks, data, snr_db=10.0)
        lost = tf.math.reduce_variance(understood - data) / tf.math.reduce_variance(data)
        assert float(lost) < 0.03
        assert float(tf.math.reduce_std(understood) / tf.math.reduce_std(data)) == pytest.approx(1.0, abs=0.1)


def test_without_a_pilot_the_receiver_cannot_tell_the_scale(rng: np.random.Generator) -> None:
    batch = Photographs(view="whole").draw(1, rng)[0]
    faint = tf.constant(0.5 + 0.25 * (batch.data - 0.5))
    kept = {}
    for pilot in (True, False):
        transceiver = DctJscc(pilot=pilot)
        networks = fresh(transceiver)
        understood = heard_clearly(transceiver, networks, faint, snr_db=10.0)
        kept[pilot] = float(tf.math.reduce_std(understood) / tf.math.reduce_std(faint))
    assert kept[True] == pytest.approx(1.0, abs=0.1)
    assert kept[False] > 2.0


@pytest.mark.parametrize(("block", "count"), [(16, 200), (8, 32), (4, 48)])
def test_the_dct_basis_is_orthonormal_and_sorted_by_variance(block: int, count: int) -> None:
    pattern = strongest(block, count)
    flat = basis(block, pattern).reshape(-1, count)
    np.testing.assert_allclose(flat.T @ flat, np.eye(count), atol=1e-12)
    assert np.all(np.diff(block_variances(block, pattern)) <= 0.0)


def test_variances_of_the_two_level_dct_are_those_of_the_training_photographs(rng: np.random.Generator) -> None:
    """Within a factor of 2.5 in every octave of variance that a thousand coefficients share."""
    pattern = strongest(16, 128)
    expected, measured = [], []
    for batch in Photographs(split="train", view="whole").draw(1, rng):
        blocks = tf.nn.conv2d(batch.data - 0.5, tf.constant(basis(16, pattern), tf.float32), 16, "VALID").numpy()[0]
        rows, columns = blocks.shape[:2]
        grid = np.einsum("ui,vj,ijc->uvc", dct_matrix(rows), dct_matrix(columns), blocks)
        expected.append(grid_variances(16, pattern, (rows, columns)).ravel())
        measured.append(np.square(grid).ravel())
    law, power = np.concatenate(expected), np.concatenate(measured)
    octave = np.floor(np.log2(law))
    crowded = [place for place in np.unique(octave) if (octave == place).sum() > 1000]
    assert len(crowded) > 10
    for place in crowded:
        here = octave == place
        assert 0.4 < power[here].mean() / law[here].mean() < 2.5


@pytest.mark.parametrize("levels", [1, 2])
def test_dct_jscc_with_all_patterns_and_no_noise_loses_nothing(levels: Literal[1, 2], rng: np.random.Generator) -> None:
    transceiver = DctJscc(levels=levels, bandwidth_ratio=Fraction(1, 2))
    data = tf.constant(Photographs(view="tiles", tile=64).draw(3, rng)[0].data)
    understood = heard_clearly(transceiver, fresh(transceiver), data, snr_db=20.0, noise_power=1e-9)
    assert float(tf.reduce_max(tf.abs(understood - data))) < 0.01


def test_shipped_deep_jscc_degrades_gracefully_where_jpeg_falls_off() -> None:
    def psnr(transceiver: Transceiver, snr_db: float) -> float:
        keys = dict.fromkeys(("source", "channel", "noise"), 1)
        point = LinkPoint.read(
            {
                "source": {"kind": "photographs"},
                "transceiver": transceiver.plain(),
                "channel": "awgn",
                "receiver": "perfect",
                "metrics": ["psnr"],
                "snr_db": snr_db,
                "batch": 1,
            }
        )
        return point.evaluate(Streams(1, 0, 0, keys))["psnr"].interval().value

    analogue = [psnr(DctJscc(), snr_db) for snr_db in (-10.0, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0)]
    steps = np.diff(analogue)
    assert np.all(steps > 0.0)
    assert np.all(steps < 4.0)
    jpeg = Separate.read({"kind": "separate", "codec": "jpeg"})
    assert psnr(jpeg, -10.0) < analogue[0] - 5.0
    assert psnr(jpeg, 10.0) > analogue[4]


def test_one_more_snr_costs_no_trace_of_a_compiled_link(rng: np.random.Generator) -> None:
    counts = []
    traced.cache_clear()  # other tests may have had other batches
    for snr_db in (0.0, 3.0, 7.5):
        point = LinkPoint.read(
            {
                "source": {"kind": "bits", "packet_bits": 120},
                "transceiver": "uncoded",
                "channel": "rayleigh",
                "receiver": "perfect",
                "metrics": ["ber"],
                "snr_db": snr_db,
                "batch": 5,
            }
        )
        (batch,) = point.source.draw(5, rng)
        run(point, batch, Streams(1, 0, 0, {"source": 1, "channel": 1, "noise": 1}))
        counts.append(traced.cache_info().misses)
    assert counts == [counts[0]] * 3


def test_a_symbol_lost_in_a_fade_counts_for_nothing() -> None:
    received = Received(tf.constant([[1.0, 1e19]], tf.complex64), tf.constant([[0.0, np.inf]]))
    weighted = mmse_weighted(received)
    np.testing.assert_allclose(weighted.y, [[2.0, 0.0]], atol=1e-6)
    np.testing.assert_allclose(weighted.no, [[1.0, 1.0]])


@pytest.mark.parametrize("no", [0.3, 1e-10])
def test_mmse_weights_leave_symbols_of_equal_noise_as_they_are(no: float, rng: np.random.Generator) -> None:
    symbols = tf.constant(rng.normal(size=(2, 50)) + 1j * rng.normal(size=(2, 50)), tf.complex64)
    weighted = mmse_weighted(Received(symbols, tf.fill((2, 50), no)))
    np.testing.assert_allclose(weighted.y, symbols, rtol=1e-5)
    np.testing.assert_allclose(weighted.no, no, rtol=1e-5)


@pytest.mark.parametrize("transceiver", [DctJscc(), Xu2021()], ids=named)
def test_a_picture_over_fast_fading_is_worth_what_its_symbols_are(transceiver: DeepJscc) -> None:
    """At 10 dB symbols are worth 6 dB by their mean MMSE, 1 - e^(1/g) E1(1/g) / g; it loses 4 more at most."""

    def psnr(channel: dict[str, Any], snr_db: float) -> float:
        keys = dict.fromkeys(("source", "channel", "noise"), 1)
        plain = {"source": {"kind": "photographs"}, "transceiver": transceiver.plain(), "channel": channel}
        point = LinkPoint.read({**plain, "receiver": "perfect", "metrics": ["psnr"], "snr_db": snr_db, "batch": 1})
        return point.evaluate(Streams(1, 0, 0, keys))["psnr"].interval().value

    fading = psnr({"kind": "rayleigh", "coherence_uses": 1}, 10.0)
    assert psnr({"kind": "awgn"}, 2.0) < fading < psnr({"kind": "awgn"}, 10.0)
