"""Information bits a second of LDPC decoding (k = 1024, rate 1/2) against Sionna's decoder and py3gpp's.

`ldpc_speed.py` has the decoders and the words; what each decoder loses is on its page.

python benchmarks/ldpc.py
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from ldpc_speed import BITS, CODED, GRAPH, ITERATIONS, WORDS, XLA, _decoders, _heard
from measure import SEED, Peer, Row, Speed, installed, missing, per_second, show, side_by_side

UNIT = "Mbit/s"
FIXED, EARLY = "fixed", "early stop"
PY3GPP_WORDS, LIFTING = 4, 104


def py3gpp() -> Speed:
    """Normalised min-sum in layers, word by word: the same base graph 2 with Z = 104, noise at 1.5 dB on the word 0."""
    from py3gpp import nrLDPCDecode

    rng = np.random.default_rng(SEED)
    variance = CODED / (2.0 * BITS * 10.0**0.15)
    heard = (1.0 + variance**0.5 * rng.standard_normal((CODED, PY3GPP_WORDS))) * 2.0 / variance
    sent = BITS - 2 * LIFTING  # information bits; those of the first two columns are never sent
    words = np.zeros((50 * LIFTING, PY3GPP_WORDS))
    words[:sent] = heard[:sent]
    words[sent : 8 * LIFTING] = 100.0  # fillers
    words[8 * LIFTING : 8 * LIFTING + CODED - sent] = heard[sent:]

    def decode() -> Any:
        return nrLDPCDecode(words.copy(), 2, ITERATIONS, Algorithm="Normalized min-sum")

    assert not decode()[0].any()
    return per_second(PY3GPP_WORDS * BITS / 1e6, decode)


def rows() -> Iterator[Row]:
    """The bars are against Sionna under XLA, which always does its 20 iterations."""
    decoders = _decoders()
    for what, ebn0_db, name, bar in ((FIXED, 1.5, XLA, 7.0), (EARLY, 3.0, XLA, 20.0), (EARLY, 3.0, GRAPH, None)):
        _, llrs = _heard(ebn0_db)

        def speed(decoder: str, llrs: Any = llrs) -> Speed:
            return per_second(WORDS * BITS / 1e6, lambda: decoders[decoder](llrs).numpy())

        work = f"5G LDPC k={BITS} r=1/2, {ebn0_db:g} dB, {ITERATIONS} iterations, {what}"
        yield side_by_side(work, UNIT, speed(what), Peer(name, speed(name)), bar)
    _, llrs = _heard(1.5)
    work = f"5G LDPC k={BITS} r=1/2, 1.5 dB, {ITERATIONS} iterations, {FIXED}"
    if installed("py3gpp") is None:
        yield missing(work, UNIT, "py3gpp", " (AGPL-3.0)")
    else:
        peer = Peer(f"py3gpp {installed('py3gpp')}, normalised min-sum", py3gpp())
        yield side_by_side(
            work, UNIT, per_second(WORDS * BITS / 1e6, lambda: decoders[FIXED](llrs).numpy()), peer, None
        )


if __name__ == "__main__":
    show(list(rows()))
