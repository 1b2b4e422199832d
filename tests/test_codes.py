"""The limits of the codes, and words that nothing has corrupted."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from near import assert_same_rate
from semcom_channels.backend import tf
from semcom_channels.codes import CRC_BITS, Code, Ldpc, Polar, add_crc, check_crc
from semcom_channels.ldpc_decoders import Boxplus, Decoder, LayeredMinStar

from sionna.phy.fec.ldpc import LDPC5GEncoder  # isort: skip
from sionna.phy.fec.polar import Polar5GEncoder

SURE = 20.0  # a log-likelihood ratio that leaves no doubt


def bits_of(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(2, size=(3, count)).astype(np.float32)


DECODERS = (LayeredMinStar(iterations=8), Boxplus(iterations=8))


@settings(max_examples=8)  # each builds a code
@given(
    st.sampled_from(DECODERS),
    st.integers(12, 60),
    st.floats(0.25, 0.8),
    st.sampled_from([1, 2, 4]),
    st.integers(0, 2**32 - 1),
)
def test_ldpc_returns_words_that_nothing_has_corrupted(
    decoder: Decoder, bits: int, rate: float, per_symbol: int, seed: int
) -> None:
    """Up to rate 0.8: above 0.85 some words of a few tens of bits are lost with the bits that the code punctures."""
    coded = math.ceil(bits / rate / per_symbol) * per_symbol
    code = Ldpc(decoder=decoder)
    assert code.check(bits, coded) is None
    sent = bits_of(seed, bits)
    words = code.encode(tf.constant(sent), coded, per_symbol)
    assert words.shape == (3, coded)
    np.testing.assert_array_equal(code.decode((2.0 * words - 1.0) * SURE, bits, per_symbol), sent)


@pytest.mark.parametrize(("bits", "coded"), [(2560, 12800), (8448, 25344)])
def test_ldpc_decodes_words_of_all_bits_that_the_mother_code_can_send(bits: int, coded: int) -> None:
    """Neither fillers nor unsent bits: k = 10 Z and n = 50 Z of base graph 2, 22 Z and 66 Z of base graph 1."""
    sent = bits_of(1, bits)
    words = Ldpc().encode(tf.constant(sent), coded, 2)
    np.testing.assert_array_equal(Ldpc().decode((2.0 * words - 1.0) * SURE, bits, 2), sent)


def test_repetition_of_the_whole_codeword_halves_the_snr_that_it_needs(rng: np.random.Generator) -> None:
    """Two copies of the mother code's word at half the SNR: each bit's ratios add up to those of one copy."""
    code, bits, once, trials = Ldpc(), 60, 460, 4000
    sent = rng.integers(2, size=(trials, bits)).astype(np.float32)
    errors = []
    for copies in (1, 2):
        signs = 2.0 * code.encode(tf.constant(sent), copies * once, 2).numpy() - 1.0
        variance = 3.4 * copies  # of the noise; about one block in five is lost
        llrs = 2.0 / variance * (signs + rng.normal(0.0, np.sqrt(variance), signs.shape))
        wrong = code.decode(tf.constant(llrs, tf.float32), bits, 2).numpy() != sent
        errors.append(int(wrong.any(axis=1).sum()))
    assert_same_rate(errors[0], errors[1], trials)


@settings(max_examples=6)
@given(st.integers(20, 60), st.integers(11, 60), st.sampled_from([1, 2, 4, 8]), st.integers(0, 2**32 - 1))
def test_polar_returns_words_that_nothing_has_corrupted(bits: int, extra: int, paths: int, seed: int) -> None:
    code = Polar.read({"kind": "polar", "list_size": paths})
    assert code.check(bits, bits + extra) is None
    sent = bits_of(seed, bits)
    words = code.encode(tf.constant(sent), bits + extra, 2)
    assert words.shape == (3, bits + extra)
    np.testing.assert_array_equal(code.decode((2.0 * words - 1.0) * SURE, bits, 2), sent)


def ldpc_lengths() -> list[tuple[int, int]]:
    rates = (0.2, 0.25, 0.26, 1 / 3 - 0.001, 1 / 3 + 0.001, 0.66, 0.68, 0.925, 0.94, 0.96)
    pairs = [(k, round(k / rate)) for k in (11, 12, 292, 3824, 3825, 3840, 8449) for rate in rates]
    return [*pairs, (3841, 11522), (3841, 11524), (8448, 25344), (8448, 25345)]


def polar_lengths() -> list[tuple[int, int]]:
    """Those of which Sionna knows what the standard says."""
    bits = (11, 12, 19, 20, 21, 500, 1012, 1014, 1077)
    return [(k, n) for k in bits for n in (17, 18, 30, 31, k, k + 10, k + 11, 512, 1087) if n >= 1]


def refuses(build: type, bits: int, coded: int, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether Sionna raises for these lengths, or prints a warning that the code is not the standard's."""
    capsys.readouterr()
    try:
        build(bits, coded)
    except ValueError:
        return True
    return "Warning" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "build", "lengths"),
    [(Ldpc(), LDPC5GEncoder, ldpc_lengths()), (Polar(), Polar5GEncoder, polar_lengths())],
    ids=["ldpc", "polar"],
)
def test_check_says_no_exactly_where_sionna_does(
    code: Code, build: type, lengths: list[tuple[int, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {(k, n): code.check(k, n) is not None for k, n in lengths}
    assert answers == {(k, n): refuses(build, k, n, capsys) for k, n in lengths}
    assert set(answers.values()) == {True, False}


@pytest.mark.parametrize(
    ("code", "bits", "coded", "words"),
    [
        (Ldpc(), 11, 30, "11 information bits; a 5G LDPC code block has 12 to 8448"),
        (Ldpc(), 95, 100, "code rate 0.95; the 5G LDPC code has rates up to 0.9258"),
        (Ldpc(), 5000, 20000, "code rate 0.25 with 5000 information bits; above 3824 it is at least 1/3"),
        (Polar(), 12, 30, "12 information bits; a 5G Polar code block has 20 to 1012"),
        (Polar(), 1013, 1050, "1013 information bits; a 5G Polar code block has 20 to 1012"),
        (Polar(), 359, 8193, "8193 coded bits; a 5G Polar code block of 359 bits has at most 8192"),
        (Polar(), 360, 1088, "1088 coded bits; a 5G Polar code block of 360 bits has at most 1087"),
        (Polar(), 100, 105, "100 information bits and 11 of CRC do not fit 105 coded bits"),
    ],
)
def test_check_tells_what_was_given_and_what_is_expected(code: Code, bits: int, coded: int, words: str) -> None:
    assert code.check(bits, coded) == words


@pytest.mark.parametrize("name", CRC_BITS)
def test_a_crc_holds_until_any_one_bit_is_wrong(name: str, rng: np.random.Generator) -> None:
    bits = rng.integers(2, size=(1, 40)).astype(np.float32)
    word = add_crc(tf.constant(bits), name).numpy()
    assert word.shape == (1, 40 + CRC_BITS[name])
    information, good = check_crc(tf.constant(word), name)
    np.testing.assert_array_equal(information, bits)
    assert good.numpy().all()
    flipped = np.abs(word - np.eye(word.shape[1], dtype=np.float32))
    assert not check_crc(tf.constant(flipped), name)[1].numpy().any()
