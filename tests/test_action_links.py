"""Action links by contract, against closed forms, and against the Sionna-backed links of semcom_channels."""

import itertools
import json
import math
import pickle
from typing import Annotated, Literal

import numpy as np
import pytest
import yaml
from numpy.typing import ArrayLike
from scipy import integrate, stats
from scipy.special import ndtr

from near import assert_mean, assert_rate
from semcom.action_links import (
    ACTION_LINKS,
    KINDS,
    ActionLink,
    BinarySymmetricLink,
    ErasureLink,
    FlipLink,
    ModulatedLink,
    NoiselessLink,
)
from semcom.action_links.labels import Labelling, action_bits
from semcom.action_links.symbols import amplitudes, likelihoods
from semcom.errors import UserError
from semcom_channels import CHANNELS, Channel, Received, Spec, Streams, closed_form
from semcom_channels.backend import tf
from semcom_channels.information import binary_entropy
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation, demodulate, detect, modulate
from semcom_channels.spec import name_of
from semcom_channels.units import SNR_DB_RANGE, linear
from semcom_estimation.receivers import Perfect

Fading = Literal["awgn", "rayleigh"]
MODULATIONS: tuple[Modulation, ...] = ("bpsk", "qpsk", "16qam", "64qam", "256qam")
FADINGS: tuple[Fading, ...] = ("awgn", "rayleigh")
DEFAULTS = tuple(ACTION_LINKS.kinds[name_of(kind)].read({"kind": name_of(kind)}) for kind in KINDS)
HARD: tuple[ActionLink, ...] = (
    *(link for link in DEFAULTS if isinstance(link, ActionLink)),
    FlipLink(flip_probability=0.9),
    BinarySymmetricLink(flip_probability=0.3, labelling="gray"),
    ErasureLink(erasure_probability=0.4, labelling="gray"),
    ModulatedLink(modulation="bpsk", snr_db=0.0, channel="rayleigh"),
    ModulatedLink(modulation="qpsk", snr_db=3.0, channel="rayleigh", labelling="gray"),
    ModulatedLink(modulation="16qam", snr_db=8.0),
    ModulatedLink(modulation="64qam", snr_db=12.0, channel="rayleigh"),
)
SOFT = tuple(link.model_copy(update={"decision": "soft"}) for link in HARD if isinstance(link, ModulatedLink))
COUNTS = (1, 2, 3, 4, 6, 16)


class Holder(Spec):
    link: Annotated[ActionLink, ACTION_LINKS]


def sent_and_told(link: ActionLink, count: int, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Uniform actions `[batch]` and what the receiver makes of them, `[batch, action]` likelihoods."""
    actions = rng.integers(count, size=rows)
    return actions, link.likelihoods(actions, count, rng)


def told_bits(actions: np.ndarray, found: np.ndarray) -> np.ndarray:
    """log2 of P(seen | action) over P(seen) for uniform actions, `[batch]`."""
    return np.asarray(np.log2(found[np.arange(len(actions)), actions] * found.shape[1] / found.sum(axis=1)))


@pytest.mark.parametrize("link", [*HARD, *SOFT], ids=str)
def test_a_link_comes_back_from_yaml_and_pickle(link: ActionLink) -> None:
    assert Holder.read(yaml.safe_load(yaml.safe_dump({"link": link.plain()}))).link == link
    assert Holder.read(json.loads(Holder(link=link).model_dump_json())).link == link
    copy = pickle.loads(pickle.dumps(link))
    assert (copy, hash(copy), copy.key) == (link, hash(link), link.key)


def test_a_bare_name_stands_for_the_link_with_its_defaults() -> None:
    assert Holder.read({"link": "noiseless"}).link == NoiselessLink()
    assert Holder.read({"link": "modulated"}).link == ModulatedLink()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("link", HARD, ids=str)
def test_rows_of_a_transition_matrix_are_distributions(link: ActionLink, count: int) -> None:
    matrix = link.transition_matrix(count)
    assert matrix.dtype == np.float64
    assert len(matrix) == count
    assert matrix.min() >= 0.0
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, rtol=1e-14)
    with pytest.raises(ValueError, match="read-only"):
        matrix[0, 0] = 1.0


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("link", HARD, ids=str)
def test_hard_likelihoods_have_the_law_of_the_transition_matrix(
    link: ActionLink, count: int, rng: np.random.Generator
) -> None:
    """What is seen is known by its column of the matrix, of which only ratios matter."""
    columns = link.transition_matrix(count).T
    columns = columns[columns.sum(axis=1) > 0.0]
    shapes, which = np.unique(np.round(columns / columns.sum(axis=1)[:, None], 9), axis=0, return_inverse=True)
    actions, found = sent_and_told(link, count, 4000, rng)
    assert found.shape == (4000, count)
    told = np.round(found / found.sum(axis=1)[:, None], 9)
    matches = np.abs(told[:, None] - shapes).max(axis=2) < 1e-8
    np.testing.assert_array_equal(matches.sum(axis=1), 1)
    seen = matches.argmax(axis=1)
    for action, shape in itertools.product(range(count), range(len(shapes))):
        chance = columns[which == shape, action].sum()
        assert_rate(int((seen[actions == action] == shape).sum()), int((actions == action).sum()), min(chance, 1.0))


@pytest.mark.parametrize("link", [*HARD, *SOFT], ids=str)
def test_equal_generators_give_equal_likelihoods(link: ActionLink) -> None:
    actions = np.arange(6).repeat(500)
    one, other = (link.likelihoods(actions, 6, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, link.likelihoods(actions, 6, np.random.default_rng(8))) or link == NoiselessLink()
    assert link.likelihoods([], 6, np.random.default_rng(7)).shape == (0, 6)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("link", [*HARD, *SOFT], ids=str)
def test_a_link_tells_between_nothing_and_all(link: ActionLink, count: int) -> None:
    assert -1e-12 <= link.information_bits(count) <= math.log2(count) + 1e-12


@pytest.mark.parametrize("count", COUNTS[1:])
@pytest.mark.parametrize("link", SOFT, ids=str)
def test_soft_likelihoods_tell_as_many_bits_as_promised(
    link: ModulatedLink, count: int, rng: np.random.Generator
) -> None:
    noisy = link.model_copy(update={"snr_db": 1.0})  # at a high SNR the mean hangs on a few rows
    assert_mean(told_bits(*sent_and_told(noisy, count, 10_000, rng)), noisy.information_bits(count))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("soft", SOFT, ids=str)
def test_soft_decisions_tell_no_less_than_hard_ones(soft: ModulatedLink, count: int) -> None:
    hard = soft.model_copy(update={"decision": "hard"})
    assert soft.information_bits(count) >= hard.information_bits(count)
    np.testing.assert_array_equal(soft.transition_matrix(count), hard.transition_matrix(count))


@pytest.mark.parametrize("fading", FADINGS)
@pytest.mark.parametrize("modulation", MODULATIONS[:4])
def test_likeliest_actions_of_soft_decisions_have_the_law_of_hard_ones(
    modulation: Modulation, fading: Fading, rng: np.random.Generator
) -> None:
    """Where all labels are actions; two BPSK symbols share a gain as the axes of a QPSK symbol do."""
    count = max(2 ** BITS_PER_SYMBOL[modulation], 4)
    link = ModulatedLink(modulation=modulation, channel=fading, snr_db=7.0, decision="soft")
    matrix = link.transition_matrix(count)
    action = int(rng.integers(count))
    found = link.likelihoods(np.full(20_000, action), count, rng)
    np.testing.assert_array_equal(found.max(axis=1), 1.0)
    for decided, times in enumerate(np.bincount(found.argmax(axis=1), minlength=count)):
        assert_rate(int(times), 20_000, matrix[action, decided])


@pytest.mark.parametrize("fading", FADINGS)
@pytest.mark.parametrize(("modulation", "count"), [("bpsk", 2), ("bpsk", 8), ("qpsk", 4), ("qpsk", 16), ("16qam", 16)])
def test_transitions_are_those_of_the_link_on_sionna(
    modulation: Modulation, count: int, fading: Fading, streams: Streams, rng: np.random.Generator
) -> None:
    """Labels modulated by semcom_channels, over its channel with one gain for each action, decided by its receiver."""
    link = ModulatedLink(modulation=modulation, channel=fading, snr_db=5.0)
    actions = rng.integers(count, size=40_000)
    _, received = over_sionna(link, action_bits(count, "natural")[actions], streams)
    bits = detect(received, modulation).numpy().astype(int)
    seen = bits @ 2 ** np.arange(bits.shape[1])[::-1]
    for action, row in enumerate(link.transition_matrix(count)):
        here = seen[actions == action]
        for decided, chance in enumerate(row):
            assert_rate(int((here == decided).sum()), len(here), chance)


def over_sionna(link: ModulatedLink, bits: np.ndarray, streams: Streams) -> tuple[np.ndarray, Received]:
    """The symbols of bits `[batch, bit]` and what a receiver that knows the gain makes of them."""
    symbols = modulate(bits.astype(np.float32), link.modulation)
    channel = CHANNELS.kinds[link.channel].read({"kind": link.channel})
    assert isinstance(channel, Channel)
    realisation = channel.draw((int(symbols.shape[0]), int(symbols.shape[1])), tf.constant(link.snr_db), streams)
    return symbols.numpy(), Perfect().receive(realisation.carry(symbols), realisation)


@pytest.mark.parametrize("modulation", MODULATIONS)
def test_soft_likelihoods_are_those_of_the_demapper(
    modulation: Modulation, streams: Streams, rng: np.random.Generator
) -> None:
    """The odds of each bit from our likelihoods of all labels of one symbol, and from semcom_channels' demodulator."""
    width = BITS_PER_SYMBOL[modulation]
    labels = action_bits(2**width, "natural")
    link = ModulatedLink(modulation=modulation, channel="awgn", snr_db=6.0)
    _, received = over_sionna(link, rng.integers(2, size=(300, width)), streams)
    y = received.y.numpy().astype(np.complex128)
    axes = y.real if width == 1 else np.concatenate([y.real, y.imag], axis=1)
    found = likelihoods(axes, 1.0, amplitudes(2**width, "natural", modulation), linear(6.0))
    odds = np.log(found @ labels) - np.log(found @ (1 - labels))
    np.testing.assert_allclose(demodulate(received, modulation).numpy(), odds, rtol=1e-3, atol=1e-3)  # float32


@pytest.mark.parametrize("fading", FADINGS)
@pytest.mark.parametrize("modulation", MODULATIONS)
def test_bits_of_decided_actions_err_as_the_closed_forms_say(modulation: Modulation, fading: Fading) -> None:
    """The mean bit error rate over a matrix, from -60 to 100 dB; the mean over Rayleigh gains is as exact."""
    count = 2 ** BITS_PER_SYMBOL[modulation]
    bits = action_bits(count, "natural")
    apart = (bits[:, None] != bits).mean(axis=2)
    for snr_db in (SNR_DB_RANGE[0], -5.0, 5.0, 20.0, 40.0, SNR_DB_RANGE[1]):
        matrix = ModulatedLink(modulation=modulation, channel=fading, snr_db=snr_db).transition_matrix(count)
        known = getattr(closed_form, fading)(modulation, snr_db)
        assert float(np.sum(matrix * apart)) / count == pytest.approx(known, rel=1e-11, abs=1e-300)


def test_qpsk_actions_are_right_as_often_as_textbooks_say() -> None:
    """AWGN: (1 - Q(sqrt SNR))^2; Rayleigh: the mean of Q^2 is 1/4 - m atan(1/m) / pi, m = sqrt(G / (1 + G)), G = SNR/2.

    [Simon & Alouini 2005, equation 5.29]
    """
    snr = linear(5.0)
    right = ModulatedLink(modulation="qpsk", snr_db=5.0).transition_matrix(4)[2, 2]
    assert right == pytest.approx(ndtr(math.sqrt(snr)) ** 2, rel=1e-13)
    m = math.sqrt(snr / 2.0 / (1.0 + snr / 2.0))
    both = 0.25 - m * math.atan(1.0 / m) / math.pi
    faded = ModulatedLink(modulation="qpsk", snr_db=5.0, channel="rayleigh").transition_matrix(4)
    assert faded[0, 3] == pytest.approx(both, rel=1e-12)
    assert faded[0, 0] == pytest.approx(m + both, rel=1e-12)


def test_bits_of_symbols_that_share_a_gain_err_together() -> None:
    """Three BPSK symbols in one fade: the mean of the cube of the error rate, by adaptive quadrature."""
    snr = linear(4.0)
    cube, _ = integrate.quad(lambda r: 2.0 * r * math.exp(-r * r) * ndtr(-r * math.sqrt(2.0 * snr)) ** 3, 0.0, 30.0)
    matrix = ModulatedLink(modulation="bpsk", snr_db=4.0, channel="rayleigh").transition_matrix(8)
    assert matrix[0, 7] == pytest.approx(cube, rel=1e-7)
    assert matrix[0, 7] > 3.0 * matrix[0].reshape(2, 4).sum(axis=1)[1] ** 3


@pytest.mark.parametrize("decision", ["hard", "soft"])
def test_qpsk_over_awgn_tells_what_two_antipodal_signals_do(decision: Literal["hard", "soft"]) -> None:
    """Hard: two binary symmetric channels; soft: two binary-input Gaussian channels of half the power."""
    snr = linear(3.0)

    def lost(u: float) -> float:
        return float(stats.norm.pdf(u) * np.logaddexp(0.0, -2.0 * snr - 2.0 * math.sqrt(snr) * u) / math.log(2.0))

    known = {
        "hard": 2.0 - 2.0 * binary_entropy(float(ndtr(-math.sqrt(snr)))),
        "soft": 2.0 - 2.0 * integrate.quad(lost, -12.0, 12.0)[0],
    }
    link = ModulatedLink(modulation="qpsk", snr_db=3.0, decision=decision)
    assert link.information_bits(4) == pytest.approx(known[decision], abs=1e-12 if decision == "hard" else 1e-3)


def test_flips_go_to_all_others_alike_and_an_only_action_stays() -> None:
    expected = [[0.7, 0.1, 0.1, 0.1], [0.1, 0.7, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1], [0.1, 0.1, 0.1, 0.7]]
    link = FlipLink(flip_probability=0.3)
    np.testing.assert_allclose(link.transition_matrix(4), expected, rtol=1e-14)
    np.testing.assert_array_equal(link.transition_matrix(1), [[1.0]])
    assert link.information_bits(4) == pytest.approx(2.0 - binary_entropy(0.3) - 0.3 * math.log2(3.0), rel=1e-12)


def test_noiseless_likelihoods_are_one_hot(rng: np.random.Generator) -> None:
    actions, found = sent_and_told(NoiselessLink(), 5, 50, rng)
    np.testing.assert_array_equal(found, np.eye(5)[actions])


@pytest.mark.parametrize("labelling", ["natural", "gray"])
def test_flipped_bits_move_an_action_by_hamming_distance(labelling: Literal["natural", "gray"]) -> None:
    bits = action_bits(8, labelling)
    distance = (bits[:, None] != bits).sum(axis=2)
    matrix = BinarySymmetricLink(flip_probability=0.2, labelling=labelling).transition_matrix(8)
    np.testing.assert_allclose(matrix, 0.2**distance * 0.8 ** (3 - distance), rtol=1e-13)
    assert BinarySymmetricLink(flip_probability=0.2).information_bits(8) == pytest.approx(
        3.0 - 3.0 * binary_entropy(0.2)
    )


def test_labels_are_different_and_successive_gray_ones_differ_in_one_bit() -> None:
    for count in (1, 2, 3, 5, 8, 13):
        for labelling in ("natural", "gray"):
            bits = action_bits(count, labelling)
            assert bits.shape == (count, math.ceil(math.log2(count)))
            assert len({tuple(row) for row in bits}) == count
        np.testing.assert_array_equal(np.abs(np.diff(action_bits(count, "gray"), axis=0)).sum(axis=1), 1)
    np.testing.assert_array_equal(action_bits(4, "natural"), [[0, 0], [0, 1], [1, 0], [1, 1]])


def test_erasures_leave_the_actions_that_agree_with_the_bits_that_arrive() -> None:
    link = ErasureLink(erasure_probability=0.25)
    assert link.information_bits(8) == pytest.approx(3.0 * 0.75, rel=1e-12)
    matrix = link.transition_matrix(3)  # labels 00, 01, 10; words of 0, 1 and erased
    assert matrix.shape == (3, 9)
    np.testing.assert_allclose(matrix[1], np.kron([0.75, 0.0, 0.25], [0.0, 0.75, 0.25]))
    always = ErasureLink(erasure_probability=1.0).likelihoods([0, 1, 2], 3, np.random.default_rng(0))
    np.testing.assert_array_equal(always, np.ones((3, 3)))
    never = ErasureLink(erasure_probability=0.0).likelihoods([0, 1, 2], 3, np.random.default_rng(0))
    np.testing.assert_array_equal(never, np.eye(3))


@pytest.mark.parametrize("labelling", ["natural", "gray"])
def test_what_erasures_leave_is_what_the_law_of_all_words_says(labelling: Labelling) -> None:
    link = ErasureLink(erasure_probability=0.3, labelling=labelling)
    for count in (1, 2, 3, 6, 11):
        assert link.information_bits(count) == pytest.approx(ActionLink.information_bits(link, count), abs=1e-12)
    assert link.information_bits(4096) == pytest.approx(12.0 * 0.7, rel=1e-12)


def test_labels_of_no_action_are_decided_for_the_likeliest_one() -> None:
    """Of three actions 00, 01 and 10 the label 11 is as likely from 01 as from 10: the first of them has it."""
    p = 0.1
    matrix = BinarySymmetricLink(flip_probability=p).transition_matrix(3)
    q = 1.0 - p
    expected = [[q * q, p * q + p * p, p * q], [p * q, q * q + p * q, p * p], [p * q, p * p + p * q, q * q]]
    np.testing.assert_allclose(matrix, expected, rtol=1e-13)
    err = float(ndtr(-math.sqrt(linear(4.0))))
    by_symbol = ModulatedLink(modulation="qpsk", snr_db=4.0).transition_matrix(3)
    np.testing.assert_allclose(by_symbol, BinarySymmetricLink(flip_probability=err).transition_matrix(3), rtol=1e-12)
    useless = BinarySymmetricLink(flip_probability=0.5).transition_matrix(4)
    np.testing.assert_allclose(useless, 0.25)


@pytest.mark.parametrize("fading", FADINGS)
@pytest.mark.parametrize(("modulation", "count"), [("bpsk", 6), ("qpsk", 3), ("qpsk", 6), ("16qam", 10), ("64qam", 4)])
def test_decisions_for_possible_actions_alone_are_right_more_often(
    modulation: Modulation, count: int, fading: Fading
) -> None:
    """More often than those of all labels, of which some are no action's."""
    link = ModulatedLink(modulation=modulation, channel=fading, snr_db=4.0)
    width = -(-(count - 1).bit_length() // BITS_PER_SYMBOL[modulation]) * BITS_PER_SYMBOL[modulation]
    padding = width - (count - 1).bit_length()
    few, all_labels = (np.diag(link.transition_matrix(labels)) for labels in (count, 2**width))
    own = all_labels[np.arange(count) << padding]
    assert (few >= own * (1.0 - 1e-12)).all()
    assert few.mean() > own.mean() * 1.001


def test_padding_is_known_to_the_receiver() -> None:
    """Four actions on 64QAM are the signs of points at 3 / sqrt(42) on each axis."""
    for fading in FADINGS:
        link = ModulatedLink(modulation="64qam", channel=fading, snr_db=12.0)
        loss_db = 10.0 * math.log10(9.0 / 42.0 * 2.0)
        qpsk = ModulatedLink(modulation="qpsk", channel=fading, snr_db=12.0 + loss_db)
        np.testing.assert_allclose(link.transition_matrix(4), qpsk.transition_matrix(4), rtol=1e-11)


def test_a_clear_link_is_noiseless(rng: np.random.Generator) -> None:
    for modulation, decision in itertools.product(MODULATIONS, ("hard", "soft")):
        link = ModulatedLink.read({"kind": "modulated", "modulation": modulation, "snr_db": 60.0, "decision": decision})
        actions, found = sent_and_told(link, 6, 100, rng)
        np.testing.assert_allclose(found, np.eye(6)[actions], atol=1e-12)
        assert link.information_bits(6) == pytest.approx(math.log2(6.0), rel=1e-9)


@pytest.mark.parametrize("link", [*HARD, *SOFT], ids=str)
@pytest.mark.parametrize("count", [0, -2, 2.5, True])
def test_a_number_of_actions_that_is_none_is_refused(link: ActionLink, count: int) -> None:
    words = f"count is {count}; expected a whole number of possible actions, at least 1"
    rng = np.random.default_rng(0)
    for ask in (
        link.transition_matrix,
        link.information_bits,
        lambda count: link.likelihoods([0], count, rng),
    ):
        with pytest.raises(UserError, match=words):
            ask(count)


@pytest.mark.parametrize("link", [*HARD, *SOFT], ids=str)
@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([0, 3, 4], "action 4 at place 2 of the batch; expected 0 to 3"),
        ([1, -1, 7], "action -1 at place 1 of the batch; expected 0 to 3"),
        ([[0, 1]], r"actions have shape \(1, 2\) of int64; expected \[batch\] integers"),
        ([0.0, 1.0], r"actions have shape \(2,\) of float64; expected \[batch\] integers"),
        (2, r"actions have shape \(\) of int64; expected \[batch\] integers"),
    ],
)
def test_actions_that_are_not_possible_are_refused(link: ActionLink, actions: ArrayLike, words: str) -> None:
    with pytest.raises(UserError, match=words):
        link.likelihoods(actions, 4, np.random.default_rng(0))
