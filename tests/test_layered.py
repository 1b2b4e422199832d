"""Layered decoding of 5G LDPC codes: against the exact rule, against Sionna's boxplus, and against itself."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from near import FALSE_ALARM
from semcom_channels import layered, min_star
from semcom_channels.backend import graph, tf
from semcom_channels.codes import Ldpc
from semcom_channels.compile_policy import VARIABLE
from semcom_channels.lanes import lanes_decoder, tables_of
from semcom_channels.ldpc_decoders import Boxplus, Decoder, LayeredMinStar
from semcom_channels.ldpc_matrix import lifted_code
from semcom_channels.ldpc_rate_matching import RateMatching

BITS, CODED = 100, 200
SURE = 20.0


def heard(rng: np.random.Generator, words: int, ebn0_db: float, bits: int = BITS, coded: int = CODED) -> Any:
    """Random words and the log-likelihood ratios of their bits after BPSK over AWGN."""
    sent = rng.integers(2, size=(words, bits)).astype(np.float32)
    signs = 2.0 * Ldpc().encode(tf.constant(sent), coded, 2).numpy() - 1.0
    variance = coded / (2.0 * bits * 10.0 ** (ebn0_db / 10.0))
    llrs = 2.0 / variance * (signs + rng.normal(0.0, math.sqrt(variance), signs.shape))
    return sent, tf.constant(llrs, tf.float32)


def decided(llrs: Any, decoder: Decoder | None = None, bits: int = BITS) -> Any:
    return Ldpc(decoder=decoder or LayeredMinStar()).decode(llrs, bits, 2).numpy()


def lost(sent: Any, understood: Any) -> Any:
    return (sent != understood).any(axis=1)


magnitudes = st.integers(0, min_star.LARGEST_ANSWER)


@given(magnitudes, magnitudes)
def test_two_magnitudes_combine_nearly_as_the_exact_rule_says(a: int, b: int) -> None:
    """The line max(0, ln 2 - x / 4) is at most 0.12 off log(1 + exp(-x)), and rounding half a step at each turn."""
    mine = int(min_star.combined(tf.constant(a, tf.int16), tf.constant(b, tf.int16))) / min_star.STEPS
    x, y = a / min_star.STEPS, b / min_star.STEPS
    exact = min(x, y) + math.log1p(math.exp(-x - y)) - math.log1p(math.exp(-abs(x - y)))
    assert abs(mine - exact) < 2 * 0.12 + 2 / min_star.STEPS
    assert min(x, y) / 2 - 1 / min_star.STEPS <= mine <= min(x, y)


@given(st.lists(st.lists(st.integers(-28000, 28000), min_size=4, max_size=4), min_size=2, max_size=19))
def test_a_check_answers_with_the_sign_of_the_others_and_never_surer_than_any(asked: list[list[int]]) -> None:
    said = min_star.answers(tf.constant(asked, tf.int16)).numpy().astype(int)
    for edge in range(len(asked)):
        others = np.delete(np.array(asked), edge, axis=0)
        sign = np.where(others < 0, -1, 1).prod(axis=0)
        assert (said[edge] * sign >= 0).all()
        assert (np.abs(said[edge]) <= np.abs(others).min(axis=0)).all()


def test_a_check_says_nothing_to_two_bits_of_which_nothing_is_known() -> None:
    asked = tf.constant([[0], [900], [0], [-900]], tf.int16)
    np.testing.assert_array_equal(min_star.answers(asked), np.zeros((4, 1)))


def test_a_check_with_one_unknown_bit_speaks_to_it_alone() -> None:
    said = min_star.answers(tf.constant([[0], [900], [-3000]], tf.int16)).numpy()[:, 0]
    assert said.tolist() == [-900, 0, 0]


def test_ratios_are_rounded_clipped_and_worth_nothing_when_they_are_no_numbers() -> None:
    llrs = tf.constant([0.0, 1.0, -0.26, np.inf, -np.inf, np.nan, 1e30])
    sure = min_star.LARGEST_TOTAL
    assert min_star.quantised(llrs).numpy().tolist() == [0, 32, -8, sure, -sure, 0, sure]


@settings(max_examples=20, deadline=None)
@given(st.integers(12, 600), st.floats(0.2, 0.8), st.sampled_from([1, 2, 4, 6, 8]), st.integers(0, 2**32 - 1))
def test_words_that_nothing_has_corrupted_come_back(bits: int, rate: float, per_symbol: int, seed: int) -> None:
    """Without XLA, which would take its time over each of these codes."""
    coded = math.ceil(bits / rate / per_symbol) * per_symbol
    sent = np.random.default_rng(seed).integers(2, size=(3, bits)).astype(np.float32)
    words = Ldpc().encode(tf.constant(sent), coded, per_symbol)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "none")
        back = Ldpc().decode((2.0 * words - 1.0) * SURE, bits, per_symbol)
    np.testing.assert_array_equal(back, sent)


@pytest.mark.parametrize(("bits", "coded"), [(40, 200), (292, 440), (1300, 1500), (3840, 7680)], ids=str)
def test_exactly_the_codewords_pass_all_checks(bits: int, coded: int, rng: np.random.Generator) -> None:
    """Left when one lane is done: clean words are at once, one wrong bit in the information of others is not mended."""
    lanes = 16
    sent = rng.integers(2, size=(lanes, bits)).astype(np.float32)
    words = Ldpc().encode(tf.constant(sent), coded, 1).numpy()
    clean = np.arange(lanes) % 2 == 0
    words[~clean] = rng.integers(2, size=words[~clean].shape)
    code = lifted_code(RateMatching(bits, coded, 1))
    heard = np.vstack([np.where(words.T > 0, SURE, -SURE), np.zeros((1, lanes)), np.full((1, lanes), -np.inf)])
    decode = lanes_decoder(code.room, lanes, True)
    limits = (tf.zeros(lanes, tf.bool), tf.constant(50), tf.constant(lanes - 1))
    blocks, done = decode(tables_of(code.groups), tf.constant(heard[code.sources], tf.float32), *limits)
    back = tf.gather(blocks, code.information)
    np.testing.assert_array_equal(done, clean)
    np.testing.assert_array_equal(back.numpy().T[clean], sent[clean])


@pytest.mark.parametrize(("bits", "coded", "ebn0_db"), [(BITS, CODED, 2.0), (60, 300, 1.2)], ids=str)
def test_it_loses_no_more_words_than_boxplus(bits: int, coded: int, ebn0_db: float, rng: np.random.Generator) -> None:
    """Of the words that one of them alone loses, at most half are lost by the layered decoder."""
    sent, llrs = heard(rng, 3000, ebn0_db, bits, coded)
    mine, theirs = (lost(sent, decided(llrs, decoder, bits)) for decoder in (LayeredMinStar(), Boxplus()))
    alone, others = int((mine & ~theirs).sum()), int((theirs & ~mine).sum())
    assert stats.binomtest(alone, alone + others, 0.5, alternative="greater").pvalue > FALSE_ALARM
    assert others > 0
    assert 0 < mine.sum() < len(mine)


def test_at_high_snr_it_decides_as_boxplus_does(rng: np.random.Generator) -> None:
    sent, llrs = heard(rng, 300, 7.0)
    np.testing.assert_array_equal(decided(llrs), decided(llrs, Boxplus()))
    np.testing.assert_array_equal(decided(llrs), sent)


def test_early_stop_changes_no_word_that_is_decoded(rng: np.random.Generator) -> None:
    sent, llrs = heard(rng, 1000, 1.5)
    stopped, full = decided(llrs), decided(llrs, LayeredMinStar(early_stop=False))
    right = ~lost(sent, full)
    assert 0 < right.sum() < len(right)
    np.testing.assert_array_equal(stopped[right], full[right])


def test_a_word_is_decoded_alike_in_any_company(rng: np.random.Generator) -> None:
    """Lost ones too, whose bits would show it."""
    sent, llrs = heard(rng, 700, 1.0)
    together = decided(llrs)
    assert 0.1 < lost(sent, together).mean() < 0.9
    order = rng.permutation(700)
    np.testing.assert_array_equal(decided(tf.gather(llrs, order)), together[order])
    for begin, end in ((0, 1), (0, 16), (5, 38), (30, 330)):
        np.testing.assert_array_equal(decided(llrs[begin:end]), together[begin:end])


def test_an_empty_batch_gives_an_empty_batch() -> None:
    assert decided(tf.zeros((0, CODED))).shape == (0, BITS)


def test_inside_a_graph_it_decides_as_outside(rng: np.random.Generator) -> None:
    _, llrs = heard(rng, 40, 1.0)
    inside: Any = graph(lambda llrs: Ldpc().decode(llrs, BITS, 2))
    np.testing.assert_array_equal(inside(llrs), decided(llrs))


def test_xla_changes_no_bit(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    _, llrs = heard(rng, 60, 1.0)
    by_xla = decided(llrs)
    monkeypatch.setenv(VARIABLE, "none")
    for built in (layered.decoder, lanes_decoder):
        monkeypatch.setattr(built.__module__ + "." + built.__name__, built.__wrapped__)
    plain = decided(llrs)
    np.testing.assert_array_equal(plain, by_xla)


def test_programs_are_few_for_all_sizes_of_a_batch_and_all_codes() -> None:
    assert {layered.lanes_for(batch, 104) for batch in range(3000)} == {16, 128}
    assert [layered.lanes_for(None, lifting) for lifting in (8, 64, 104, 384)] == [256, 256, 128, 64]
    lengths = [(7760, 12900), (8378, 13928), (8429, 14012), (8189, 14790), (7602, 14800), (8245, 9672), (8409, 9864)]
    assert len({lifted_code(RateMatching(bits, coded, 1)).room for bits, coded in lengths}) == 2
