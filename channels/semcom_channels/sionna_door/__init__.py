"""The one strict door to Sionna.

Sionna's constructors swallow misspelt arguments and its random numbers come from one global generator. Nothing else
uses it (`backend` imports it, silently): what passes here is checked, and every draw first resets that generator from a
seed.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from semcom_channels.backend import tf  # first: it silences what Sionna's import prints
from semcom_channels.ldpc_rate_matching import MotherCode
from semcom_channels.polar_list import ListDecoder
from semcom_channels.polar_rate_matching import PolarMatching
from semcom_channels.tensors import Tensor

import sionna.phy as sionna  # isort: skip
from sionna.phy.channel import BinaryErasureChannel, BinarySymmetricChannel
from sionna.phy.fec.crc import CRCDecoder, CRCEncoder
from sionna.phy.fec.ldpc import LDPC5GEncoder, LDPCBPDecoder
from sionna.phy.fec.polar import PolarEncoder
from sionna.phy.fec.polar.utils import generate_5g_ranking
from sionna.phy.mapping import Mapper

POLAR_CRC = "CRC11"
P = ParamSpec("P")
R = TypeVar("R")


KEPT = 64
"""Results that each function under `built_once` keeps; the one that was asked for longest ago goes first."""


def outside_graphs(build: Callable[P, R]) -> Callable[P, R]:
    """Has `build` make what it makes outside any graph that happens to be traced."""

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        with tf.init_scope():
            return build(*args, **kwargs)

    return built


def built_once(build: Callable[P, R]) -> Callable[P, R]:
    """Keeps what `build` makes for each set of arguments, and makes it outside any graph that happens to be traced."""
    return cast(Callable[P, R], lru_cache(maxsize=KEPT)(outside_graphs(build)))


def reset(seed: int) -> None:
    """Restarts Sionna's generators. Call it in eager mode: a reset inside a graph would be traced once.

    TensorFlow's generator counts, and encrypts its count with a key; a seed alone would be where it begins to count,
    under one key, so that seed n + 1 would give the numbers of seed n from the fifth on. A hash of the seed is both key
    and count. [Salmon et al. 2011, section 3.3]
    """
    key, low, high, other = (int(word) for word in np.random.SeedSequence(seed).generate_state(4, np.uint64))
    sionna.config.seed = other
    sionna.config.tf_rng.reset_from_key_counter(*(tf.constant(words, tf.uint64) for words in (key, [low, high])))


def flips(seed: int, shape: tuple[int, int], probability: float) -> Tensor:
    """1 where a binary symmetric channel flips a bit, else 0; `[batch, uses]` float32."""
    reset(seed)
    return _binary("flip")(tf.constant(shape), tf.constant(probability, tf.float32))


def erasures(seed: int, shape: tuple[int, int], probability: float) -> Tensor:
    """1 where a binary erasure channel loses a bit, else 0; `[batch, uses]` float32."""
    reset(seed)
    return -_binary("erase")(tf.constant(shape), tf.constant(probability, tf.float32))


def uniforms(seed: int, shape: tuple[int, int]) -> Tensor:
    """Uniform numbers in [0, 1), `[batch, uses]` float32."""
    reset(seed)
    return _uniform()(tf.constant(shape))


# Draws run in graphs of their own, always: one seed gives other numbers eagerly than in a graph.


@lru_cache(maxsize=1)
def _uniform() -> Any:
    return tf.function(lambda shape: sionna.config.tf_rng.uniform(shape))


@lru_cache(maxsize=2)
def _binary(what: str) -> Any:
    block = BinarySymmetricChannel() if what == "flip" else BinaryErasureChannel()
    return tf.function(lambda shape, probability: block(tf.zeros(shape), probability))


@built_once
def mapper(bits_per_symbol: int) -> Any:
    """Sionna's mapper of the Gray-labelled constellation with that many bits: BPSK for 1, square QAM above."""
    return Mapper(*_constellation(bits_per_symbol))


def _constellation(bits_per_symbol: int) -> tuple[str, int]:
    if bits_per_symbol != 1 and bits_per_symbol % 2:
        raise ValueError(f"bits_per_symbol is {bits_per_symbol}; expected 1 or an even number")
    return ("pam" if bits_per_symbol == 1 else "qam", bits_per_symbol)


class _WholeWords(LDPC5GEncoder):  # type: ignore[misc]
    """Sionna's encoder without its rate matching, which ends at rate 1/5."""

    def call(self, bits: Tensor) -> Tensor:
        return self._encode_fast(tf.pad(bits, [[0, 0], [0, self.k_ldpc - self.k]]))[..., 0]


@built_once
def ldpc_encoder(code: MotherCode) -> Any:
    """Sionna's 5G LDPC encoder: information bits to whole codewords, `[batch, word_bits]`. [3GPP 38.212, 5.3.2]"""
    bits = code.information_bits
    return _WholeWords(bits, bits * (3 if code.base_graph == 1 else 5), bg=f"bg{code.base_graph}")


@built_once
def ldpc_base_graph(code: MotherCode) -> NDArray[np.int64]:
    """The base graph of that code, `[row, column]` with its cyclic shifts or -1."""
    checks = ldpc_encoder(code).pcm[:: code.lifting].tocoo()  # the first of each row says where circulants begin
    base = np.full((checks.shape[0], code.word_bits // code.lifting), -1)
    base[checks.row, checks.col // code.lifting] = checks.col % code.lifting
    return base


@built_once
def ldpc_decoder(code: MotherCode, bits: int, iterations: int) -> Any:
    """Sionna's belief propagation (boxplus) for the first `bits` of codewords, which hold the core's columns.

    Its "boxplus" by tanh decides as its default "boxplus-phi" does, in little more than half of the time.
    """
    checks = ldpc_encoder(code).pcm
    rows = checks.shape[0] - (code.word_bits - bits)  # each later parity bit ends a check of its own
    return LDPCBPDecoder(checks[:rows, :bits], cn_update="boxplus", num_iter=iterations, hard_out=True)


@built_once
def polar_encoder(matching: PolarMatching) -> Any:
    """The 5G Polar code's words with the CRC of the uplink: bits to `[batch, length]`. [3GPP 38.212, section 5.3.1]"""
    check, encoder = CRCEncoder(POLAR_CRC), PolarEncoder(np.flatnonzero(polar_frozen(matching)), matching.length)
    return lambda bits: encoder(check(bits))


@built_once
def polar_frozen(matching: PolarMatching) -> NDArray[np.bool_]:
    """Which bits of the word carry nothing, `[length]`, by the reliabilities of table 5.3.1.2-1."""
    order, _ = generate_5g_ranking(0, matching.length, sort=False)
    return matching.frozen(np.asarray(order, np.int64))


@built_once
def polar_decoder(matching: PolarMatching, list_size: int) -> ListDecoder:
    """The CRC-aided list decoder for the 5G Polar code."""
    words = CRCEncoder(POLAR_CRC)(tf.eye(matching.information_bits)).numpy()
    return ListDecoder(polar_frozen(matching), words[:, matching.information_bits :], list_size)


@built_once
def crc_encoder(name: str, information_bits: int) -> Any:
    """Sionna's CRC encoder, such as "CRC24A", for rows of that many bits. [3GPP 38.212, section 5.1]"""
    encoder = CRCEncoder(name)
    encoder(tf.zeros((1, information_bits)))
    return encoder


@built_once
def crc_decoder(name: str, information_bits: int) -> Any:
    """Sionna's CRC check: bits and whether each row is valid."""
    decoder = CRCDecoder(CRCEncoder(name))
    decoder(tf.zeros((1, information_bits + decoder.encoder.crc_length)))
    return decoder
