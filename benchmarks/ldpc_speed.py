"""Information bits a second of LDPC decoding against Sionna's decoder; writes benchmarks/ldpc_speed.md.

python benchmarks/ldpc_speed.py
"""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from semcom.record.machine import processor
from semcom_channels.backend import tf
from semcom_channels.ldpc_decoders import LayeredMinStar

from sionna.phy.fec.ldpc import LDPC5GDecoder, LDPC5GEncoder  # isort: skip

BITS, CODED, BITS_PER_SYMBOL = 1024, 2048, 2
ITERATIONS = 20
WORDS = 1024
REPEATS = 7
SEED = 3
XLA = "Sionna LDPC5GDecoder (boxplus-phi), 20 iterations, XLA"
GRAPH = "Sionna LDPC5GDecoder (boxplus-phi), 20 iterations, graph"


class Row(NamedTuple):
    """Information bits a second on one core, ours and the peer's, and by how much ours should be faster."""

    work: str
    ours: float
    peer: str
    theirs: float
    bar: float | None

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.ours / self.theirs


class Decoded(NamedTuple):
    """CPU seconds of one decoding of all words, and how many words were lost."""

    seconds: float
    lost: int


def rows() -> list[Row]:
    """What the page shows, measured in one run."""
    return rows_of(measured())


def rows_of(results: Mapping[tuple[str, float], Decoded]) -> list[Row]:
    """Ours at each SNR against the peer at the same."""
    speed = {key: WORDS * BITS / result.seconds for key, result in results.items()}
    code = f"5G LDPC k={BITS} r=1/2"

    def row(what: str, name: str, peer: str, ebn0_db: float, bar: float | None) -> Row:
        work = f"{code}, {ebn0_db:g} dB, {what}"
        return Row(work, speed[name, ebn0_db], peer, speed[peer, ebn0_db], bar)

    return [
        row("20 iterations", "fixed", XLA, 1.5, 7.0),
        row("20 iterations", "fixed", GRAPH, 1.5, None),
        row("20 iterations at most, early stop", "early stop", XLA, 1.5, None),
        row("20 iterations at most, early stop", "early stop", XLA, 3.0, 20.0),
        row("20 iterations at most, early stop", "early stop", GRAPH, 3.0, None),
    ]


def measured() -> dict[tuple[str, float], Decoded]:
    """By name and Eb/N0: medians over turns in which each decoder decodes the same words once."""
    decoders, results = _decoders(), {}
    for ebn0_db in (1.5, 3.0):
        sent, llrs = _heard(ebn0_db)
        lost = {name: int((decode(llrs).numpy() != sent).any(axis=1).sum()) for name, decode in decoders.items()}
        seconds: dict[str, list[float]] = {name: [] for name in decoders}
        for _ in range(REPEATS):
            for name, decode in decoders.items():
                begin = time.process_time()
                decode(llrs).numpy()
                seconds[name].append(time.process_time() - begin)
        results |= {(name, ebn0_db): Decoded(statistics.median(seconds[name]), lost[name]) for name in decoders}
    return results


def _decoders() -> dict[str, Callable[[Any], Any]]:
    sionna = LDPC5GDecoder(LDPC5GEncoder(BITS, CODED, num_bits_per_symbol=BITS_PER_SYMBOL), num_iter=ITERATIONS)
    fixed, early = (LayeredMinStar(iterations=ITERATIONS, early_stop=stop) for stop in (False, True))
    return {
        "fixed": lambda llrs: fixed.decode(llrs, BITS, BITS_PER_SYMBOL),
        "early stop": lambda llrs: early.decode(llrs, BITS, BITS_PER_SYMBOL),
        XLA: tf.function(sionna, jit_compile=True),
        GRAPH: tf.function(sionna),
    }


def _heard(ebn0_db: float) -> tuple[Any, Any]:
    rng = np.random.default_rng(SEED)
    sent = rng.integers(0, 2, (WORDS, BITS)).astype(np.float32)
    encoder = LDPC5GEncoder(BITS, CODED, num_bits_per_symbol=BITS_PER_SYMBOL)
    variance = CODED / (2.0 * BITS * 10.0 ** (ebn0_db / 10.0))
    noisy = 2.0 * encoder(tf.constant(sent)).numpy() - 1.0 + rng.normal(0.0, variance**0.5, (WORDS, CODED))
    return sent, tf.constant(2.0 / variance * noisy, tf.float32)


def page(results: Mapping[tuple[str, float], Decoded]) -> str:
    """Speed and error rates as tables."""
    speeds = "".join(
        f"| {row.work} | {row.ours / 1e6:.1f} | {row.peer} | {row.theirs / 1e6:.2f} | {row.ratio:.1f} | "
        f"{'-' if row.bar is None else f'{row.bar:g}'} |\n"
        for row in rows_of(results)
    )
    losses = "".join(f"| {name} | {ebn0_db:g} | {result.lost} |\n" for (name, ebn0_db), result in results.items())
    return (
        "# LDPC decoding\n\n"
        f"Information bits a second of CPU time, one TensorFlow thread ({processor()}), {WORDS} words a call,\n"
        f"median of {REPEATS} turns in one run. Ours is `layered_min_star`.\n"
        "`python benchmarks/ldpc_speed.py` writes this page.\n\n"
        "| work | ours, Mbit/s | peer | peer, Mbit/s | ratio | bar |\n|---|---|---|---|---|---|\n"
        f"{speeds}\nWords lost of those {WORDS}, all with the same noise:\n\n"
        f"| decoder | Eb/N0, dB | lost |\n|---|---|---|\n{losses}"
    )


def main() -> None:
    """Measures and writes the page."""
    text = page(measured())
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
