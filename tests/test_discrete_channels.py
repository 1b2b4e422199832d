"""Channels of bits and letters."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from near import assert_rate
from semcom_channels import BinarySymmetric, Channel, DiscreteMemoryless, Erasure, Received, Streams, sionna_door
from semcom_channels.backend import tf
from semcom_channels.binary import SURE_LLR
from semcom_channels.letters import LetterRealisation
from semcom_channels.modulation import demodulate, modulate
from semcom_estimation.receivers import Perfect

import sionna.phy as sionna  # isort: skip
from sionna.phy.channel import BinaryErasureChannel, BinarySymmetricChannel

Discrete = BinarySymmetric | Erasure | DiscreteMemoryless
SHAPE = (500, 400)
QUATERNARY = ((0.7, 0.2, 0.1, 0.0), (0.0, 1.0, 0.0, 0.0), (0.25, 0.25, 0.25, 0.25), (0.001, 0.0, 0.0, 0.999))


def outputs(channel: Channel, letter: int, streams: Streams) -> np.ndarray:
    """The output letters for one input letter; for antipodal symbols, bit 0 is +1 and an erasure is letter 2."""
    realisation = channel.draw(SHAPE, tf.constant(0.0), streams)
    if channel.carries == "letters":
        return np.asarray(realisation.carry(tf.fill(SHAPE, letter)))
    sent = modulate(tf.fill(SHAPE, float(letter)), "bpsk")
    arrived = np.asarray(realisation.carry(sent))
    assert set(np.unique(arrived)) <= {-1.0 + 0j, 0j, 1.0 + 0j}
    return np.select([arrived.real > 0.5, arrived.real < -0.5], [0, 1], 2)


@pytest.mark.parametrize(
    "channel",
    [
        BinarySymmetric(),
        BinarySymmetric(flip_probability=0.0),
        BinarySymmetric(flip_probability=0.5),
        BinarySymmetric(flip_probability=0.001),
        Erasure(),
        Erasure(erasure_probability=0.0),
        Erasure(erasure_probability=1.0),
        DiscreteMemoryless(),
        DiscreteMemoryless(transition=QUATERNARY),
        DiscreteMemoryless(transition=((0.2, 0.3, 0.5), (0.0, 0.0, 1.0))),
    ],
    ids=str,
)
def test_letters_turn_into_others_as_the_transition_matrix_says(channel: Discrete, streams: Streams) -> None:
    matrix = channel.transition_matrix()
    for letter, row in enumerate(matrix):
        arrived = outputs(channel, letter, streams)
        counts = np.bincount(arrived.ravel(), minlength=len(row))
        assert len(counts) == len(row)
        for count, chance in zip(counts, row, strict=True):
            assert_rate(int(count), arrived.size, chance)


def test_impossible_letters_do_not_arrive_even_for_the_extreme_uniform_numbers() -> None:
    """Uniform numbers of float32 are nought once in 2^23, and at most 1 - 2^-23."""
    uniform = tf.constant([[0.0, 1.0 - 2.0**-23]])
    realisation = LetterRealisation.of(((0.0, 1.0, 0.0), (0.1, 0.9 - 1e-9, 1e-9)), uniform)
    np.testing.assert_array_equal(realisation.carry(tf.constant([[0, 0]])), [[1, 1]])
    np.testing.assert_array_equal(realisation.carry(tf.constant([[1, 1]])), [[0, 1]])


def test_flips_do_not_depend_on_what_is_sent_and_come_alone(streams: Streams) -> None:
    channel = BinarySymmetric(flip_probability=0.2)
    flipped = outputs(channel, 0, streams) == 1
    np.testing.assert_array_equal(flipped, outputs(channel, 1, streams) == 0)
    pairs = flipped[:, 0::2] & flipped[:, 1::2]
    assert_rate(int(pairs.sum()), pairs.size, 0.2**2)


@pytest.mark.parametrize("probability", [0.003, 0.1, 0.5])
def test_flips_and_erasures_are_those_of_sionna(probability: float, rng: np.random.Generator) -> None:
    """Our channels against Sionna's by hand, each with noise of its own."""
    seed = int(rng.integers(2**31))
    blocks = {sionna_door.flips: BinarySymmetricChannel(), sionna_door.erasures: BinaryErasureChannel()}
    for draw, block in blocks.items():
        sionna.config.seed = seed
        theirs = block(tf.zeros(SHAPE), probability).numpy()
        assert_rate(int((theirs != 0.0).sum()), theirs.size, probability)
        ours = draw(seed + 1, SHAPE, probability).numpy()
        assert_rate(int(ours.sum()), ours.size, probability)
        assert set(np.unique(ours)) <= {0.0, 1.0}


@pytest.mark.parametrize("probability", [0.01, 0.1, 0.3, 0.5])
def test_log_likelihood_ratios_of_flipped_bits_are_log_odds(probability: float, streams: Streams) -> None:
    """A demapper told the realisation's noise power says log((1 - p) / p), as Sionna's channel does."""
    realisation = BinarySymmetric(flip_probability=probability).draw((5, 40), tf.constant(0.0), streams)
    bits = tf.cast(tf.range(200) % 2, tf.float32)[None] * tf.ones((5, 1))
    arrived = realisation.carry(modulate(bits[:, :40], "bpsk"))
    llrs = demodulate(Perfect().receive(arrived, realisation), "bpsk").numpy()
    odds = math.log((1.0 - probability) / probability)
    signs = -arrived.numpy().real  # bit 1 is -1
    np.testing.assert_allclose(llrs, signs * odds, rtol=1e-5, atol=1e-5)
    theirs = BinarySymmetricChannel(return_llrs=True)((signs > 0.0).astype(np.float32), 1e-12).numpy()
    np.testing.assert_array_equal(np.sign(theirs), signs)


def test_an_erased_bit_tells_nothing_and_a_kept_one_everything(streams: Streams) -> None:
    realisation = Erasure(erasure_probability=0.5).draw((5, 40), tf.constant(0.0), streams)
    arrived = realisation.carry(modulate(tf.zeros((5, 40)), "bpsk"))
    llrs = demodulate(Perfect().receive(arrived, realisation), "bpsk").numpy()
    np.testing.assert_allclose(llrs, np.where(arrived.numpy() == 0.0, 0.0, -SURE_LLR), rtol=1e-5)


def test_certain_bits_have_a_finite_log_likelihood_ratio(streams: Streams) -> None:
    realisation = BinarySymmetric(flip_probability=0.0).draw((1, 4), tf.constant(0.0), streams)
    arrived = realisation.carry(modulate(tf.zeros((1, 4)), "bpsk"))
    llrs = demodulate(Received(arrived, tf.fill((1, 4), realisation.noise_power)), "bpsk")
    np.testing.assert_allclose(llrs, -SURE_LLR, rtol=1e-5)


@pytest.mark.parametrize(
    ("transition", "words"),
    [
        ([[0.5, 0.5], [1.0]], r"transition has rows of lengths \[1, 2\]; expected one length"),
        ([[]], r"transition has rows of lengths \[0\]; expected one length"),
        ([[0.9, 0.1], [0.9, 0.2]], "row 1 of transition sums to 1.1; expected 1"),
        ([[1.5, -0.5]], "Input should be less than or equal to 1"),
    ],
)
def test_what_is_no_transition_matrix_is_refused(transition: list[list[float]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        DiscreteMemoryless.read({"kind": "dmc", "transition": transition})
