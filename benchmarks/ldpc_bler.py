"""SNRs at which LDPC words are lost with a chance of 1e-1 and 1e-2: layered decoding against Sionna's boxplus.

Both decode the same words with the same noise, 20 iterations at most. Writes benchmarks/ldpc_bler.md, an hour on
one core:

python benchmarks/ldpc_bler.py
"""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from semcom_channels.backend import graph, tf
from semcom_channels.codes import Ldpc
from semcom_channels.ldpc_decoders import Boxplus, LayeredMinStar

SEED = 3
TARGETS = (1e-1, 1e-2)
ENOUGH_ERRORS = 100
BITS_PER_SYMBOL = 2
DECODERS = {"layered": LayeredMinStar(iterations=20), "boxplus": Boxplus(iterations=20)}
LEDGER = Path(__file__).with_suffix(".jsonl")
"""What was counted at each SNR; a run that was cut off goes on from it."""


class Case(NamedTuple):
    """A code: base graph, information bits, code rate."""

    graph: int
    information_bits: int
    rate: str

    @property
    def coded_bits(self) -> int:
        """Rounded up to whole symbols."""
        above, below = map(int, self.rate.split("/"))
        return math.ceil(self.information_bits * below / above / BITS_PER_SYMBOL) * BITS_PER_SYMBOL


class Point(NamedTuple):
    """How many of `words` each decoder has lost at an SNR."""

    ebn0_db: float
    words: int
    lost: dict[str, int]


CASES = (
    *(Case(2, bits, rate) for bits in (64, 256, 1024, 3072) for rate in ("1/5", "1/3", "1/2", "2/3")),
    *(Case(1, bits, rate) for bits in (512, 1536) for rate in ("3/4", "4/5", "5/6", "8/9")),
    *(Case(1, bits, rate) for bits in (3840, 8448) for rate in ("1/3", "1/2", "2/3", "5/6")),
)


def measure(case: Case) -> Iterator[Point]:
    """Points in rising Eb/N0 until both decoders lose less than one word in a hundred."""
    step = 0.25 if case.information_bits < 500 else 0.125
    rate = case.information_bits / case.coded_bits
    limit = 10.0 * math.log10((2.0 ** (2.0 * rate) - 1.0) / (2.0 * rate))  # Shannon's for real symbols
    ebn0_db = math.ceil(limit / step) * step
    chain = decoded_right(case)
    while True:
        point = count(case, ebn0_db, chain)
        if min(point.lost.values()) < 0.7 * point.words:
            yield point
        if max(point.lost.values()) < TARGETS[-1] * point.words:
            return
        ebn0_db += step


def count(case: Case, ebn0_db: float, chain: Any) -> Point:
    """Sends words until the decoder that loses fewer has lost enough of them, or most have passed."""
    most = int(np.clip(8e6 / case.information_bits, 1500, 16000))
    batch = int(np.clip(400_000 / case.information_bits, 50, 500))
    rng = np.random.default_rng([SEED, *case[:2], case.coded_bits, round(ebn0_db * 1000) + 100_000])
    rate = case.information_bits / case.coded_bits
    deviation = tf.constant((2.0 * rate * 10.0 ** (ebn0_db / 10.0)) ** -0.5, tf.float32)
    words, lost = 0, dict.fromkeys(DECODERS, 0)
    while words < most and min(lost.values()) < ENOUGH_ERRORS:
        bits = rng.integers(0, 2, (batch, case.information_bits)).astype(np.float32)
        noise = rng.normal(size=(batch, case.coded_bits)).astype(np.float32)
        for name, right in chain(bits, noise, deviation).items():
            lost[name] += batch - int(right)
        words += batch
    return Point(ebn0_db, words, lost)


def decoded_right(case: Case) -> Any:
    """The chain as one graph: of how many words each decoder gets every bit right."""
    bits_of, per_symbol = case.information_bits, BITS_PER_SYMBOL
    codes = {name: Ldpc(decoder=decoder) for name, decoder in DECODERS.items()}

    @graph
    def chain(bits: Any, noise: Any, deviation: Any) -> Any:
        llrs = (2.0 * Ldpc().encode(bits, case.coded_bits, per_symbol) - 1.0 + deviation * noise) * (2.0 / deviation**2)
        decided = {name: code.decode(llrs, bits_of, per_symbol) for name, code in codes.items()}
        return {name: tf.reduce_sum(tf.cast(tf.reduce_all(d == bits, 1), tf.int32)) for name, d in decided.items()}

    return chain


def snr_at(points: list[Point], name: str, target: float, side: int) -> float:
    """Eb/N0 in dB where the error rate falls through the target, log-linear between points; an end of its interval.

    side: 0 through the rates as counted, -1 or 1 through an end of their 95 % intervals.
    """
    rates = [_rate(point.lost[name], point.words, side) for point in points]
    for low, high, before, after in zip(points, points[1:], rates, rates[1:], strict=False):
        if before >= target > after:
            share = math.log(before / target) / math.log(before / after)
            return low.ebn0_db + share * (high.ebn0_db - low.ebn0_db)
    return math.nan


def _rate(lost: int, words: int, side: int) -> float:
    if side == 0:
        return max(lost, 0.5) / words
    return float(stats.beta.ppf(0.025 if side < 0 else 0.975, lost + 0.5, words - lost + 0.5))


def page(ledger: dict[Case, list[Point]]) -> str:
    """The table, and the worst of it."""
    lines, worst = [], -math.inf
    for case, points in ledger.items():
        cells = [f"{case.graph}", f"{case.information_bits}", case.rate]
        for target in TARGETS:
            ours, theirs = (snr_at(points, name, target, 0) for name in DECODERS)
            half = (snr_at(points, "layered", target, 1) - snr_at(points, "layered", target, -1)) / 2.0
            cells += [f"{ours:.2f} ± {half:.2f}", f"{theirs:.2f}", f"{ours - theirs:+.2f}"]
            worst = max(worst, ours - theirs)
        lines.append("| " + " | ".join(cells) + " |")
    return (
        "# Error rates of the LDPC decoders\n\n"
        "Eb/N0 in dB, QPSK over AWGN, at which a word is lost with a chance of 1e-1 and of 1e-2: `layered_min_star`\n"
        "(20 iterations at most, early stop) against `boxplus` (Sionna, 20 iterations, flooding), same words and same\n"
        "noise. Interpolated log-linearly between points; ± is half of the interval through the ends of the 95 %\n"
        f"intervals of the rates. `python benchmarks/ldpc_bler.py`, seed {SEED}; every count is in ldpc_bler.jsonl.\n"
        f"Codes measured: {len(ledger)} of {len(CASES)}.\n"
        f"Worst difference (layered less boxplus): {worst:+.2f} dB; bar: +0.10 dB.\n\n"
        "| base graph | bits | rate | layered, 1e-1 | boxplus | difference | layered, 1e-2 | boxplus | difference |\n"
        "|---|---|---|---|---|---|---|---|---|\n" + "\n".join(lines) + "\n"
    )


def main() -> None:
    """Measures what the ledger does not hold yet and writes the page."""
    ledger: dict[Case, list[Point]] = {}
    if LEDGER.exists():
        for line in map(json.loads, LEDGER.read_text().splitlines()):
            ledger[Case(*line["case"])] = [Point(*point) for point in line["points"]]
    for case in CASES:
        if case not in ledger:
            ledger[case] = list(measure(case))
            with LEDGER.open("a") as file:
                file.write(json.dumps({"case": case, "points": ledger[case]}) + "\n")
            print(case, ledger[case][-1], file=sys.stderr, flush=True)
        Path(__file__).with_suffix(".md").write_text(page(ledger), encoding="utf-8")


if __name__ == "__main__":
    main()
