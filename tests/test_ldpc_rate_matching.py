"""The circular buffer of the 5G LDPC code against a literal reading of 3GPP 38.212, clause by clause.

6.2.2, 7.2.2: graph 2 for A <= 292, for A <= 3824 and R <= 0.67, for R <= 0.25; else graph 1.
    The same, with a block's own k, its CRC included, and k/E for A and R.
5.2.2: one block of up to 8448 bits (graph 1) or 3840 (graph 2); a CRC24B in each where there are several.
    No segmentation: whoever sends cuts blocks of one length, each with the CRC that it names.
5.2.2: K_b of 22, 10, 9, 8 or 6; the least Z of table 5.3.2-1 with K_b Z >= k; K = 22 Z or 10 Z; F = K - k fillers.
    The same.
5.3.2: H c = 0; the first 2 Z bits of c are not sent; d has N = 66 Z or 50 Z bits, NULL where c is a filler.
    The same.
5.4.2.1: N_cb = N, or min(N, N_ref) with N_ref = floor(TBS_LBRM / (C 2/3)).
    The same; N_ref is the field `limited_buffer_bits`.
5.4.2.1: k0 by redundancy version and graph. [table 5.4.2.1-2]
    The same.
5.4.2.1: E bits from k0 on, modulo N_cb, passing over NULL.
    The same; graph 1 below rate 1/3 is refused, where the standard reads its buffer again.
5.4.2.1: E_r is a multiple of N_L Q_m near G / C', none for blocks that are not sent again (CBGTI).
    Blocks of one length, floor(uses / C) symbols, the rest idle; no groups of blocks.
5.4.2.2: f[i + j Q_m] = e[i E/Q_m + j].
    The same.
"""

from itertools import count

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from semcom_channels.backend import tf
from semcom_channels.codes import HIGHEST_RATE, Ldpc
from semcom_channels.compile_policy import VARIABLE
from semcom_channels.ldpc_decoders import Boxplus, LayeredMinStar
from semcom_channels.ldpc_rate_matching import RateMatching
from semcom_channels.sionna_door import ldpc_encoder

from sionna.phy.fec.ldpc import LDPC5GEncoder, LDPCBPDecoder  # isort: skip

LIFTING_SETS = (  # table 5.3.2-1
    *((2, 4, 8, 16, 32, 64, 128, 256), (3, 6, 12, 24, 48, 96, 192, 384), (5, 10, 20, 40, 80, 160, 320)),
    *((7, 14, 28, 56, 112, 224), (9, 18, 36, 72, 144, 288), (11, 22, 44, 88, 176, 352)),
    *((13, 26, 52, 104, 208), (15, 30, 60, 120, 240)),
)
NULL = None


def graph_of(k: int, e: int) -> int:
    if k <= 292:
        return 2
    if k <= 3824 and k / e <= 0.67:
        return 2
    if k / e <= 0.25:
        return 2
    return 1


def lifting_of(k: int, graph: int) -> int:
    if graph == 1:
        k_b = 22
    elif k > 640:
        k_b = 10
    elif k > 560:
        k_b = 9
    elif k > 192:
        k_b = 8
    else:
        k_b = 6
    return min(z for sizes in LIFTING_SETS for z in sizes if k_b * z >= k)


def selected(k: int, e: int, q_m: int, rv: int, n_ref: int | None) -> list[int]:
    """The standard's loops: for each sent bit its place in c."""
    graph = graph_of(k, e)
    z = lifting_of(k, graph)
    n, fillers_end = (66 * z, 22 * z) if graph == 1 else (50 * z, 10 * z)
    d = [NULL if k <= place < fillers_end else place for place in range(2 * z, n + 2 * z)]
    n_cb = n if n_ref is None else min(n, n_ref)
    if graph == 1:
        k_0 = [0, 17 * n_cb // (66 * z) * z, 33 * n_cb // (66 * z) * z, 56 * n_cb // (66 * z) * z][rv]
    else:
        k_0 = [0, 13 * n_cb // (50 * z) * z, 25 * n_cb // (50 * z) * z, 43 * n_cb // (50 * z) * z][rv]
    bits: list[int] = []
    for j in count():
        if len(bits) == e:
            break
        place = d[(k_0 + j) % n_cb]
        if place is not NULL:
            bits.append(place)
    interleaved = [0] * e
    for j in range(e // q_m):
        for i in range(q_m):
            interleaved[i + j * q_m] = bits[i * e // q_m + j]
    return interleaved


def words_of(rng: np.random.Generator, words: int, bits: int) -> np.ndarray:
    return rng.integers(2, size=(words, bits)).astype(np.float32)


@settings(max_examples=80)
@given(
    st.integers(12, 8448),
    st.floats(0.02, HIGHEST_RATE),
    st.sampled_from([1, 2, 4, 6, 8]),
    st.integers(0, 3),
    st.none() | st.floats(1.1, 6.0),
)
@example(193, 193 / 1233, 1, 0, None)
@example(193, 193 / 2466, 2, 1, None)
@example(600, 600 / 3481, 1, 3, None)
@example(3840, 0.1, 4, 2, 1.5)
@example(8448, 0.4, 8, 3, 1.5)
def test_each_bit_that_is_sent_is_that_of_the_standards_loop(
    bits: int, rate: float, per_symbol: int, version: int, room: float | None
) -> None:
    coded = int(bits / rate) // per_symbol * per_symbol
    limit = None if room is None else int(room * bits)
    if Ldpc(limited_buffer_bits=limit).check(bits, coded) is None:
        matching = RateMatching(bits, coded, per_symbol, version, limit)
        assert matching.sent().tolist() == selected(bits, coded, per_symbol, version, limit)


@pytest.mark.parametrize(("bits", "once"), [(193, 1233), (600, 3480), (3840, 19200), (12, 92)])
def test_the_buffer_is_read_again_after_50_z_less_the_fillers(bits: int, once: int) -> None:
    """5 k + 4 F bits."""
    sent = RateMatching(bits, 2 * once + 2, 1).sent()
    assert len(set(sent[:once].tolist())) == once
    np.testing.assert_array_equal(sent[once:], sent[: once + 2])


@pytest.mark.parametrize(("bits", "graph"), [(20, 2), (193, 2), (600, 2), (700, 2), (3840, 2), (400, 1), (8448, 1)])
def test_whole_codewords_satisfy_every_check_of_the_parity_matrix(
    bits: int, graph: int, rng: np.random.Generator
) -> None:
    coded = 5 * bits if graph == 2 else bits * 10 // 9
    code = RateMatching(bits, coded, 1).mother
    assert (code.base_graph, code.lifting) == (graph, lifting_of(bits, graph))
    sent = words_of(rng, 4, bits)
    words = ldpc_encoder(code)(tf.constant(sent)).numpy()
    checks = LDPC5GEncoder(bits, 3 * bits if graph == 1 else coded, bg=f"bg{graph}").pcm
    assert checks.shape == ((46 if graph == 1 else 42) * code.lifting, words.shape[1])
    np.testing.assert_array_equal(checks @ words.T % 2.0, 0.0)
    np.testing.assert_array_equal(words[:, :bits], sent)
    np.testing.assert_array_equal(words[:, bits : bits + code.fillers], 0.0)


@settings(max_examples=12)
@given(st.integers(12, 700), st.floats(0.2, HIGHEST_RATE), st.sampled_from([1, 2, 4, 6, 8]), st.integers(0, 2**32 - 1))
@example(5000, 0.4, 2, 0)
@example(3840, 0.2, 4, 1)
def test_at_a_fifth_and_above_codewords_are_those_of_sionna(bits: int, rate: float, per_symbol: int, seed: int) -> None:
    coded = int(bits / rate) // per_symbol * per_symbol
    if coded >= bits and Ldpc().check(bits, coded) is None:
        sent = words_of(np.random.default_rng(seed), 3, bits)
        expected = LDPC5GEncoder(bits, coded, num_bits_per_symbol=per_symbol)(sent)
        np.testing.assert_array_equal(Ldpc().encode(tf.constant(sent), coded, per_symbol), expected)


@pytest.mark.parametrize("version", [0, 1, 2, 3])
@pytest.mark.parametrize("limit", [None, 400])
def test_sent_words_are_read_off_the_codeword_as_the_loop_says(
    version: int, limit: int | None, rng: np.random.Generator
) -> None:
    bits, coded, per_symbol = 101, 1500, 6
    code = Ldpc.read({"kind": "ldpc", "redundancy_version": version, "limited_buffer_bits": limit})
    sent = words_of(rng, 3, bits)
    word = ldpc_encoder(RateMatching(bits, coded, 1).mother)(tf.constant(sent)).numpy()
    expected = word[:, selected(bits, coded, per_symbol, version, limit)]
    np.testing.assert_array_equal(code.encode(tf.constant(sent), coded, per_symbol), expected)


@pytest.mark.parametrize(("coded", "snr_db"), [(1233, -7.5), (2466, -10.5)])
def test_below_a_fifth_decisions_are_those_from_the_standards_own_buffer(
    coded: int, snr_db: float, rng: np.random.Generator
) -> None:
    """Boxplus over the whole parity matrix; each ratio a multiple of 1/64, so that sums are exact in any order."""
    bits, words = 193, 100
    sent = words_of(rng, words, bits)
    variance = 0.5 * 10.0 ** (-snr_db / 10.0)
    code = Ldpc(decoder=Boxplus())
    signs = 2.0 * code.encode(tf.constant(sent), coded, 1).numpy() - 1.0
    llrs = 2.0 / variance * (signs + rng.normal(0.0, np.sqrt(variance), signs.shape))
    llrs = np.round(64.0 * llrs).astype(np.float32) / np.float32(64.0)
    buffer = np.zeros((words, 52 * 26), np.float32)
    np.add.at(buffer.T, np.array(selected(bits, coded, 1, 0, None)), llrs.T)
    buffer[:, bits:260] = -20.0
    whole = LDPCBPDecoder(LDPC5GEncoder(bits, 965).pcm, num_iter=20, cn_update="boxplus")
    expected = whole(tf.constant(buffer)).numpy()[:, :bits]
    np.testing.assert_array_equal(code.decode(tf.constant(llrs), bits, 1), expected)
    assert 0 < (expected != sent).any(axis=1).sum() < words


@pytest.mark.parametrize("decoder", [LayeredMinStar(), Boxplus()], ids=lambda decoder: str(decoder.kind))
@pytest.mark.parametrize(
    ("bits", "coded", "version", "limit"),
    [
        *((100, 300, 3, None), (100, 420, 1, None), (100, 420, 2, None), (100, 3000, 1, None)),
        *((100, 300, 0, 300), (400, 1600, 2, 900)),
    ],
    ids=str,
)
def test_every_redundancy_version_and_a_limited_buffer_are_undone(
    decoder: LayeredMinStar | Boxplus, bits: int, coded: int, version: int, limit: int | None, rng: np.random.Generator
) -> None:
    fields = {"decoder": decoder.plain(), "redundancy_version": version, "limited_buffer_bits": limit}
    code = Ldpc.read({"kind": "ldpc", **fields})
    assert code.check(bits, coded) is None
    sent = words_of(rng, 3, bits)
    words = code.encode(tf.constant(sent), coded, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "none")  # compiling would take longer than these few words
        back = code.decode((2.0 * words - 1.0) * 20.0, bits, 2)
    np.testing.assert_array_equal(back, sent)


def test_a_buffer_too_small_for_the_information_is_said() -> None:
    """Of its 90 places the last 26 are fillers."""
    words = "limited_buffer_bits 90 hold 64 bits to send; 100 information bits need at least 109"
    assert Ldpc(limited_buffer_bits=90).check(100, 300) == words
    assert Ldpc(limited_buffer_bits=400).check(100, 300) is None


def test_coded_bits_that_are_no_whole_symbols_are_said() -> None:
    words = "301 coded bits; expected a multiple of 4, a symbol's bits"
    with pytest.raises(ValueError, match=words):
        Ldpc().encode(tf.zeros((1, 100)), 301, 4)
    with pytest.raises(ValueError, match=words):
        Ldpc().decode(tf.zeros((1, 301)), 100, 4)


def test_lengths_of_which_there_is_no_code_are_said() -> None:
    with pytest.raises(ValueError, match="code rate 1; the 5G LDPC code has rates up to"):
        Ldpc().encode(tf.zeros((1, 100)), 100, 1)
