"""The digit classifier over the air: its rate is a bound, its loss a sum of two closed forms, its power one."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import special, stats

from near import assert_mean
from semcom.errors import UserError
from semcom.learning.weight_files import LOCAL, file_name
from semcom.learning.weights import save
from semcom.metrics import Accuracy
from semcom.sources import Digits, Photographs
from semcom.sources.digits import examples, moved
from semcom.studies.link import LinkStudy
from semcom.studies.link_point import LinkPoint
from semcom.tally import Rate
from semcom.transceivers import Csi, VibClassifier
from semcom.transceivers.training import train
from semcom.transceivers.vib_classifier_networks import gaussian_divergence
from semcom.transceivers.weights import fresh
from semcom_channels import Awgn, Received, Streams
from semcom_channels.backend import tf
from semcom_estimation.receivers import Perfect

DIGIT = (8, 8, 1)
SHORT = {"steps": 100, "batch": 32, "learning_rate": 0.01, "snr_db": [5.0, 5.0]}


def classifier(**changes: object) -> VibClassifier:
    return VibClassifier.read({"kind": "vib_classifier", "hidden": 16, "training": SHORT, **changes})


def digits(count: int = 64) -> tuple[Any, Any]:
    pictures, labels = examples("test")
    return tf.constant(pictures[:count]), tf.constant(labels[:count])


def over_the_air(transceiver: VibClassifier, networks: Any, snr_db: float, streams: Streams) -> tuple[Any, Received]:
    """The symbols of some digits, and what is received of them."""
    pictures, labels = digits()
    symbols = transceiver.send(networks, pictures, Csi(tf.constant(snr_db)))
    realisation = Awgn().draw((len(labels), transceiver.channel_uses), tf.constant(snr_db), streams)
    return symbols, Perfect().receive(realisation.carry(symbols), realisation)


def received(symbols: Any, noise_power: float) -> Received:
    return Received(symbols, tf.fill(tf.shape(symbols), noise_power))


@pytest.mark.parametrize(
    ("mean", "variance", "other_mean", "other_variance"), [(0.7, 0.2, -0.1, 0.9), (0.0, 2.0, 1.0, 0.5)]
)
def test_the_divergence_is_the_mean_of_the_log_ratio_of_the_laws(
    mean: float, variance: float, other_mean: float, other_variance: float, rng: np.random.Generator
) -> None:
    law, other = stats.norm(mean, variance**0.5), stats.norm(other_mean, other_variance**0.5)
    sample = law.rvs(100_000, random_state=rng)
    closed = gaussian_divergence(*(tf.constant(value) for value in (mean, variance, other_mean, other_variance)))
    assert_mean(law.logpdf(sample) - other.logpdf(sample), float(closed))


@pytest.mark.parametrize("snr_db", [-5.0, 0.0, 12.0])
def test_the_rate_before_training_is_the_capacity_of_the_channel(snr_db: float, streams: Streams) -> None:
    transceiver = classifier(bandwidth_ratio="3/64")
    networks = fresh(transceiver)
    bits = transceiver.rate_bits(networks, *over_the_air(transceiver, networks, snr_db, streams))
    np.testing.assert_allclose(bits, 3 * Awgn().capacity(snr_db), rtol=1e-5)


def test_the_rate_with_matched_moments_is_that_of_gaussian_channels_in_parallel() -> None:
    transceiver = classifier()
    networks = fresh(transceiver)
    symbols = transceiver.send(networks, digits()[0], Csi(tf.constant(0.0)))
    values = np.concatenate([np.real(symbols), np.imag(symbols)], axis=1)
    networks.prior_mean.assign(values.mean(axis=0))
    networks.prior_log_variance.assign(np.log(values.var(axis=0)))
    rate = transceiver.rate(networks, symbols, received(symbols, 0.4))
    assert float(tf.reduce_mean(rate)) == pytest.approx(np.log1p(values.var(axis=0) / 0.2).sum() / 2, rel=1e-5)


def test_the_rate_bounds_the_information_that_the_channel_carries(rng: np.random.Generator) -> None:
    transceiver = classifier(bandwidth_ratio="2/64")
    networks = fresh(transceiver)
    networks.prior_mean.assign(rng.normal(0.0, 0.3, 4))
    networks.prior_log_variance.assign(rng.normal(-1.0, 0.5, 4))
    symbols = transceiver.send(networks, digits()[0], Csi(tf.constant(0.0)))
    sent = rng.integers(len(symbols), size=4000)
    noise = rng.normal(size=(4000, 2, 2)) @ [1.0, 1.0j] * np.sqrt(0.5 / 2)
    arrived = np.asarray(symbols)[sent] + noise
    exponents = -np.sum(np.abs(arrived[:, None] - np.asarray(symbols)[None]) ** 2, axis=2) / 0.5
    information = exponents[np.arange(4000), sent] - special.logsumexp(exponents, axis=1) + np.log(len(symbols))
    margin = information.mean() + 6.0 * information.std() / np.sqrt(4000)
    assert float(tf.reduce_mean(transceiver.rate(networks, symbols, received(symbols, 0.5)))) > margin


@pytest.mark.parametrize("rate_weight", [0.0, 0.3])
def test_the_loss_is_cross_entropy_plus_the_weighted_rate(rate_weight: float, streams: Streams) -> None:
    transceiver = classifier(rate_weight=rate_weight)
    networks = fresh(transceiver)
    pictures, labels = digits()
    symbols, heard = over_the_air(transceiver, networks, 3.0, streams)
    scores = transceiver.understand(networks, heard, Csi(None), DIGIT)
    log_chances = special.log_softmax(np.asarray(scores, np.float64), axis=1)
    surprise = -log_chances[np.arange(len(labels)), labels].mean()
    rate = 4 * np.log1p(10.0**0.3)
    loss = transceiver.loss(networks, pictures, labels, symbols, heard, scores)
    assert float(loss) == pytest.approx(surprise + rate_weight * rate, rel=1e-5)


def test_gradients_of_the_loss_reach_every_weight(streams: Streams) -> None:
    transceiver = classifier(rate_weight=0.1)
    networks = fresh(transceiver)
    pictures, labels = digits()
    with tf.GradientTape() as tape:
        symbols, heard = over_the_air(transceiver, networks, 5.0, streams)
        scores = transceiver.understand(networks, heard, Csi(None), DIGIT)
        loss = transceiver.loss(networks, pictures, labels, symbols, heard, scores)
    gradients = tape.gradient(loss, networks.trainable_variables)
    assert len(gradients) == 12 + 2
    assert all(np.abs(gradient).max() > 0.0 for gradient in gradients)


@pytest.mark.parametrize("uses", [1, 4, 16])
def test_the_symbols_of_every_digit_have_unit_average_power(uses: int) -> None:
    transceiver = classifier(bandwidth_ratio=f"{uses}/64")
    symbols = transceiver.send(fresh(transceiver), digits()[0], Csi(tf.constant(0.0)))
    assert symbols.shape == (64, uses)
    np.testing.assert_allclose(np.mean(np.abs(symbols) ** 2, axis=1), 1.0, rtol=1e-5)
    assert transceiver.cost(DIGIT).channel_uses == uses


def test_a_symbol_that_is_mostly_noise_counts_for_little() -> None:
    transceiver = classifier()
    networks = fresh(transceiver)
    zeros = tf.zeros((1, 4), tf.complex64)
    loud = Received(1e6 * tf.ones((1, 4), tf.complex64), tf.fill((1, 4), 1e12))
    scores = transceiver.understand(networks, loud, Csi(None), DIGIT)
    silence = transceiver.understand(networks, received(zeros, 1.0), Csi(None), DIGIT)
    np.testing.assert_allclose(scores, silence, atol=1e-4)


@pytest.fixture(scope="module")
def taught() -> Mapping[float, tuple[VibClassifier, Any]]:
    """Shortly trained classifiers by the weight of their rate."""
    pupils = {weight: classifier(bandwidth_ratio="8/64", rate_weight=weight) for weight in (0.0, 0.1, 10.0)}
    return {weight: (pupil, list(train(pupil))[-1].networks) for weight, pupil in pupils.items()}


def test_training_for_rate_lowers_the_rate_and_lets_dimensions_die(
    taught: Mapping[float, tuple[VibClassifier, Any]],
) -> None:
    rates, spreads = [], []
    for transceiver, networks in taught.values():
        symbols = transceiver.send(networks, digits()[0], Csi(tf.constant(5.0)))
        rates.append(float(tf.reduce_mean(transceiver.rate(networks, symbols, received(symbols, 10.0**-0.5)))))
        spreads.append(np.real(symbols).var(axis=0) + np.imag(symbols).var(axis=0))
    assert rates[0] > rates[1] > rates[2]
    assert spreads[2].max() < 0.01 < np.median(spreads[0])


def test_a_trained_classifier_runs_in_a_link_from_kept_weights(
    taught: Mapping[float, tuple[VibClassifier, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, streams: Streams
) -> None:
    monkeypatch.chdir(tmp_path)
    transceiver, networks = taught[0.1]
    point = LinkPoint(
        source=Digits(),
        transceiver=transceiver,
        channel=Awgn(),
        receiver=Perfect(),
        metrics=(Accuracy(),),
        batch=400,
        snr_db=10.0,
    )
    with pytest.raises(UserError, match=r"vib_classifier has no weights vib_classifier-[0-9a-f]{16}\.npz"):
        point.check()
    save([variable.numpy() for variable in networks.variables], LOCAL / file_name(transceiver))
    point.check()
    tally = point.evaluate(streams)["accuracy"]
    assert isinstance(tally, Rate)
    assert tally.trials == tally.blocks == 400
    assert stats.binomtest(tally.errors, 400, 0.5, alternative="greater").pvalue < 1e-9


def test_the_weights_key_survives_pickling_and_reading_and_tells_trainings_apart() -> None:
    transceiver = classifier(rate_weight=0.02)
    assert pickle.loads(pickle.dumps(transceiver)).weights_key == transceiver.weights_key
    assert VibClassifier.read(transceiver.plain()).weights_key == transceiver.weights_key
    others = [
        classifier(),
        classifier(rate_weight=0.02, bandwidth_ratio="2/64"),
        classifier(rate_weight=0.02, training={**SHORT, "seed": 2}),
    ]
    assert len({other.weights_key for other in [transceiver, *others]}) == 4


def test_a_training_given_in_part_stays_a_training_on_digits() -> None:
    training = VibClassifier.read({"kind": "vib_classifier", "training": {"steps": 7}}).training
    assert training == VibClassifier().training.model_copy(update={"steps": 7})
    assert training.source == Digits(split="train", shift_columns=1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bandwidth_ratio": "1/48"}, "bandwidth_ratio is 1/48; expected a multiple of 1/64"),
        ({"training": {"source": {"kind": "photographs"}}}, "training.source is photographs; expected one with 10"),
        ({"rate_weight": -0.1}, "greater than or equal to 0"),
    ],
)
def test_what_does_not_fit_is_refused(given: Mapping[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        VibClassifier.read({"kind": "vib_classifier", **given})


def test_pictures_other_than_digits_are_refused() -> None:
    with pytest.raises(UserError, match=r"sends pictures of \(8, 8, 1\); given \(64, 64, 3\)"):
        VibClassifier().cost((64, 64, 3))


@pytest.mark.parametrize(
    ("source", "transceiver", "metric", "said"),
    [
        ("digits", "vib_classifier", "psnr", "psnr judges images; .*: vib_classifier delivers scores of classes"),
        ("photographs", "bourtsoulatze2019", "accuracy", "accuracy needs a source with classes; photographs has none"),
    ],
)
def test_a_metric_that_cannot_judge_what_arrives_is_refused(
    source: str, transceiver: str, metric: str, said: str
) -> None:
    plain = {"source": source, "transceivers": {"A": transceiver}, "channels": {"B": "awgn"}, "metrics": [metric]}
    with pytest.raises(UserError, match=said):
        LinkStudy.read({"kind": "link", **plain}).points({"snr_db": (0.0,)})


def test_moved_pictures_keep_what_stays_inside_and_let_black_in(rng: np.random.Generator) -> None:
    pictures = rng.uniform(0.1, 1.0, (3, 4, 5, 1)).astype(np.float32)
    right, stays, left = moved(pictures, np.array([2, 0, -1]))
    np.testing.assert_array_equal(right[:, 2:], pictures[0, :, :-2])
    np.testing.assert_array_equal(stays, pictures[1])
    np.testing.assert_array_equal(left[:, :-1], pictures[2, :, 1:])
    assert not right[:, :2].any()
    assert not left[:, -1:].any()


def test_wandering_digits_are_the_digits_moved_by_each_number_of_columns_alike(rng: np.random.Generator) -> None:
    pictures, labels = examples("train")
    (batch,) = Digits(split="train", shift_columns=1).draw(3000, rng)
    places = {
        moved(pictures[index][None], np.array([columns])).tobytes(): (columns, labels[index])
        for index in range(len(labels))
        for columns in (-1, 0, 1)
    }
    drawn = [places[picture.tobytes()] for picture in batch.data]
    np.testing.assert_array_equal([label for _, label in drawn], batch.labels)
    counts = [sum(columns == place for columns, _ in drawn) for place in (-1, 0, 1)]
    assert stats.chisquare(counts).pvalue > 1e-9


def test_sources_say_how_many_classes_they_have() -> None:
    assert (Digits.classes, Photographs.classes) == (len(set(examples("test")[1])), 0)
