"""The one strict door to Sionna.

Sionna's constructors swallow misspelt arguments and its random numbers come from one global generator. Nothing else
uses it (`backend` imports it, silently): what passes here is checked, and every draw first resets that generator from a
seed.
"""

import warnings
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from semcom_channels.backend import tf  # first: it silences what Sionna's import prints
from semcom_channels.polar_list import ListDecoder
from semcom_channels.tensors import Tensor

import sionna.phy as sionna  # isort: skip
from sionna.phy.channel import BinaryErasureChannel, BinarySymmetricChannel
from sionna.phy.fec.crc import CRCDecoder, CRCEncoder
from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder
from sionna.phy.fec.polar import Polar5GDecoder, Polar5GEncoder
from sionna.phy.mapping import Mapper

P = ParamSpec("P")
R = TypeVar("R")


def built_once(build: Callable[P, R]) -> Callable[P, R]:
    """Keeps what `build` makes for each set of arguments, and makes it outside any graph that happens to be traced."""

    @cache
    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        with tf.init_scope():
            return build(*args, **kwargs)

    return cast(Callable[P, R], built)


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


@cache
def _uniform() -> Any:
    return tf.function(lambda shape: sionna.config.tf_rng.uniform(shape))


@cache
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


@built_once
def ldpc_encoder(information_bits: int, coded_bits: int, bits_per_symbol: int) -> Any:
    """Sionna's 5G LDPC encoder with the interleaver for that modulation. [3GPP 38.212, sections 5.3.2 and 5.4.2.2]"""
    return LDPC5GEncoder(information_bits, coded_bits, num_bits_per_symbol=bits_per_symbol)


@built_once
def ldpc_base_graph(information_bits: int, coded_bits: int, bits_per_symbol: int) -> tuple[NDArray[np.int64], int, int]:
    """The base graph of that code, `[row, column]` with its cyclic shifts or -1; Z; its columns of information."""
    encoder = ldpc_encoder(information_bits, coded_bits, bits_per_symbol)
    lifting = int(encoder.z)
    checks = encoder.pcm[::lifting].tocoo()  # the first check of each row says where its circulants begin
    base = np.full((encoder.pcm.shape[0] // lifting, encoder.n_ldpc // lifting), -1)
    base[checks.row, checks.col // lifting] = checks.col % lifting
    return base, lifting, int(encoder.k_ldpc) // lifting


@built_once
def ldpc_decoder(information_bits: int, coded_bits: int, bits_per_symbol: int, iterations: int) -> Any:
    """Sionna's belief propagation (boxplus) for the 5G LDPC code, to information bits.

    Its "boxplus" by tanh decides as its default "boxplus-phi" does, in little more than half of the time.
    """
    encoder = ldpc_encoder(information_bits, coded_bits, bits_per_symbol)
    fillers = encoder.k_ldpc - encoder.k
    unsent = encoder.n_ldpc - 2 * encoder.z - fillers - encoder.n
    return LDPC5GDecoder(
        encoder,
        num_iter=iterations,
        cn_update="boxplus",
        hard_out=True,
        return_infobits=True,
        prune_pcm=unsent > 0,  # told to prune where all bits are sent, it prunes all of the matrix
    )


@built_once
def polar_encoder(information_bits: int, coded_bits: int) -> Any:
    """Sionna's 5G Polar encoder (uplink, with its own CRC). [3GPP 38.212, section 5.3.1]"""
    return Polar5GEncoder(information_bits, coded_bits)


@built_once
def polar_decoder(information_bits: int, coded_bits: int, list_size: int) -> Any:
    """The CRC-aided list decoder for the 5G Polar code; Sionna undoes the rate matching before it."""
    encoder = polar_encoder(information_bits, coded_bits)
    with warnings.catch_warnings():  # Sionna warns of memory that its own list decoder would need for long codes
        warnings.simplefilter("ignore", UserWarning)
        decoder = Polar5GDecoder(encoder, dec_type="SCL", list_size=list_size)
    frozen = np.isin(np.arange(encoder.n_polar), encoder.frozen_pos)
    code_words = encoder.enc_crc(tf.eye(information_bits)).numpy()
    lists = ListDecoder(frozen, code_words[:, information_bits:], list_size)

    def decide(logits: Tensor) -> Tensor:
        bits = tf.numpy_function(lambda values: lists.decode(-values), [logits], tf.float32, stateful=False)
        return tf.ensure_shape(bits, [logits.shape[0], encoder.k_polar])

    decoder._polar_dec = decide  # the 5G class has no argument for it
    return decoder


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
