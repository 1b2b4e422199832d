"""Information bits a second of LDPC decoding (k = 1024, rate 1/2) against Sionna's decoder and py3gpp's.

Decoders decode the same words with the same noise, and each row says how many of them were lost. komm and scikit-commpy
have no 5G code, and HermesPy's LDPC decoder takes decided bits, not likelihoods: none of them can do this work.

python benchmarks/ldpc.py
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from measure import SEED, Peer, Row, installed, missing, per_second, show, side_by_side

from semcom_channels.backend import tf
from semcom_channels.codes import Ldpc
from semcom_channels.ldpc_decoders import LayeredMinStar

from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder  # isort: skip

Decoder = Callable[[Any], Any]
UNIT = "Mbit/s"
BITS, CODED, BITS_PER_SYMBOL = 1024, 2048, 2
ITERATIONS, WORDS = 20, 1024
PY3GPP_WORDS, LIFTING = 4, 104
BARS = ((1.5, "fixed", "XLA", 7.0), (3.0, "early stop", "XLA", 20.0), (3.0, "early stop", "graph", None))
"""Eb/N0 in dB, how semcom iterates, how Sionna's decoder is compiled, and the least ratio."""


def decoders() -> dict[str, Decoder]:
    """Semcom's with fixed iterations and with an early stop; Sionna's boxplus-phi, which always does all."""
    encoder = LDPC5GEncoder(BITS, CODED, num_bits_per_symbol=BITS_PER_SYMBOL)
    sionna = LDPC5GDecoder(encoder, num_iter=ITERATIONS)
    fixed, early = (Ldpc(decoder=LayeredMinStar(iterations=ITERATIONS, early_stop=stop)) for stop in (False, True))
    return {
        "fixed": lambda llrs: fixed.decode(llrs, BITS, BITS_PER_SYMBOL),
        "early stop": lambda llrs: early.decode(llrs, BITS, BITS_PER_SYMBOL),
        "XLA": tf.function(sionna, jit_compile=True),
        "graph": tf.function(sionna),
    }


def heard(ebn0_db: float) -> tuple[np.ndarray, Any]:
    """Words sent, `[word, bit]`, and log-likelihood ratios of QPSK over AWGN."""
    rng = np.random.default_rng(SEED)
    sent = rng.integers(0, 2, (WORDS, BITS)).astype(np.float32)
    encoder = LDPC5GEncoder(BITS, CODED, num_bits_per_symbol=BITS_PER_SYMBOL)
    variance = CODED / (2.0 * BITS * 10.0 ** (ebn0_db / 10.0))
    noisy = 2.0 * encoder(tf.constant(sent)).numpy() - 1.0 + rng.normal(0.0, variance**0.5, (WORDS, CODED))
    return sent, tf.constant(2.0 / variance * noisy, tf.float32)


def py3gpp() -> Any:
    """Normalised min-sum in layers, word by word: the same base graph 2 with Z = 104, noise at 1.5 dB on the word 0."""
    from py3gpp import nrLDPCDecode

    rng = np.random.default_rng(SEED)
    variance = CODED / (2.0 * BITS * 10.0**0.15)
    noisy = (1.0 + variance**0.5 * rng.standard_normal((CODED, PY3GPP_WORDS))) * 2.0 / variance
    sent = BITS - 2 * LIFTING  # information bits; those of the first two columns are never sent
    words = np.zeros((50 * LIFTING, PY3GPP_WORDS))
    words[:sent] = noisy[:sent]
    words[sent : 8 * LIFTING] = 100.0  # fillers
    words[8 * LIFTING : 8 * LIFTING + CODED - sent] = noisy[sent:]

    def decode() -> Any:
        return nrLDPCDecode(words.copy(), 2, ITERATIONS, Algorithm="Normalized min-sum")

    assert not decode()[0].any()
    return per_second(PY3GPP_WORDS * BITS / 1e6, decode)


def rows() -> Iterator[Row]:
    """The bars are against Sionna under XLA."""
    known = decoders()
    code = f"5G LDPC k={BITS} r=1/2, {ITERATIONS} iterations"
    for ebn0_db, mine, theirs, bar in BARS:
        sent, llrs = heard(ebn0_db)
        lost = [int((known[name](llrs).numpy() != sent).any(axis=1).sum()) for name in (mine, theirs)]
        ours, peers = (
            per_second(WORDS * BITS / 1e6, lambda decode=known[name], llrs=llrs: decode(llrs).numpy())
            for name in (mine, theirs)
        )
        work = f"{code}, {mine}, {ebn0_db:g} dB; lost of {WORDS} words: {lost[0]}, peer's {lost[1]}"
        peer = Peer(f"Sionna {installed('sionna-no-rt')} LDPC5GDecoder (boxplus-phi), {theirs}", peers)
        yield side_by_side(work, UNIT, ours, peer, bar)
    if installed("py3gpp") is None:
        yield missing(f"{code}, fixed, 1.5 dB", UNIT, "py3gpp", " (AGPL-3.0)")
    else:
        _, llrs = heard(1.5)
        ours = per_second(WORDS * BITS / 1e6, lambda: known["fixed"](llrs).numpy())
        peer = Peer(f"py3gpp {installed('py3gpp')}, normalised min-sum", py3gpp())
        yield side_by_side(f"{code}, fixed, 1.5 dB", UNIT, ours, peer, None)


if __name__ == "__main__":
    show(list(rows()))
