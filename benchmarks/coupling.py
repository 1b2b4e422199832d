"""Couplings against sorting, against the loop of public implementations, and how their time grows.

Marginals are Dirichlet(1) and drawn anew for each size; one thread. Rows of the kernel `fast` need the extra fast.

python benchmarks/coupling.py
"""

import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

import numpy as np
from measure import SEED, Peer, Row, per_second, show, side_by_side

from semcom.coupling import couple_by_argmax, couple_greedily, ebrahimi2024, to_masses
from semcom.coupling.greedy import Kernel
from semcom.coupling.masses import Floats, Masses

LETTERS = tuple(1 << bits for bits in range(8, 21, 2))


def drawn(letters: int) -> tuple[Floats, Floats]:
    """Two marginals."""
    rng = np.random.default_rng([SEED, letters])
    return rng.dirichlet(np.ones(letters)), rng.dirichlet(np.ones(letters))


def dense_merging(p: Floats, rate_bits: float) -> Floats:
    """Algorithm 1 of Ebrahimi et al. 2024 on a dense p(x, t): columns are added, entropies computed anew each step."""
    joint = np.diag(p)

    def entropy(columns: Floats) -> float:
        masses = columns.sum(axis=0)
        masses = masses[masses > 0.0]
        return float(-(masses * np.log2(masses)).sum())

    def merged(columns: Floats, one: int, other: int) -> Floats:
        result = np.delete(columns, other, axis=1)
        result[:, one - (one > other)] += columns[:, other]
        return result

    while entropy(joint) > rate_bits:
        order = np.argsort(joint.sum(axis=0), kind="stable")
        pair = merged(joint, int(order[0]), int(order[1]))
        if entropy(pair) <= rate_bits:
            return pair
        joint = merged(joint, int(order[-1]), int(order[-2]))
    return joint


def sorting_row(letters: int, most: float) -> Row:
    """At most so many times the time of sorting both marginals."""
    p, q = drawn(letters)
    peer = Peer("np.argsort of both marginals", per_second(1, lambda: (np.argsort(p), np.argsort(q))))
    couple_greedily(p, q, "fast")
    ours = per_second(1, lambda: couple_greedily(p, q, "fast"))
    row = side_by_side(
        "greedy coupling, 2^20 x 2^20, kernel fast, rounding included", "couplings/s", ours, peer, 1.0 / most
    )
    return row._replace(bar=f"at most {most:g} x its time")


def plain_row(letters: int, most_s: float) -> Row:
    """At most so many seconds without numba."""
    p, q = drawn(letters)
    seconds = best_seconds(lambda: couple_greedily(p, q, "plain"))
    work = f"greedy coupling, 2^{letters.bit_length() - 1} x 2^{letters.bit_length() - 1}, kernel plain"
    return Row(work, "s", seconds, "", None, None, f"at most {most_s:g} s", seconds <= most_s, None)


def loop_row(letters: int, kernel: Kernel, least: float | None) -> Row:
    """Against the loop that looks for the largest."""
    p, q = drawn(letters)
    assert np.array_equal(couple_greedily(p, q, kernel).rows, couple_by_argmax(p, q).rows)
    peer = Peer("argmax at each step", per_second(1, lambda: couple_by_argmax(p, q)))
    bits = letters.bit_length() - 1
    work = f"greedy coupling, 2^{bits} x 2^{bits}, kernel {kernel}"
    return side_by_side(work, "couplings/s", per_second(1, lambda: couple_greedily(p, q, kernel)), peer, least)


def merging_row(letters: int, least: float) -> Row:
    """Against the dense form of the published code, at half of the entropy."""
    p, _ = drawn(letters)
    masses = to_masses(p)
    rate = 0.5 * float(-(p * np.log2(p)).sum())
    assert np.allclose(
        np.sort(dense_merging(p, rate).sum(axis=0)), np.sort(ebrahimi2024(p, rate).column_masses) / 2**50
    )
    peer = Peer("dense p(x, t), merged and summed each step", per_second(1, lambda: dense_merging(p, rate)))
    ours = per_second(1, lambda: ebrahimi2024(masses, rate))
    return side_by_side(f"EBIM by Algorithm 1, {letters:,} letters, R = H / 2", "codes/s", ours, peer, least)


def growth_row(work: str, call: Callable[[Masses, Masses], object]) -> Row:
    """The exponent of n in the time over log n, fitted from 2^8 to 2^20 letters."""
    seconds = []
    for letters in LETTERS:
        p, q = map(to_masses, drawn(letters))
        seconds.append(best_seconds(partial(call, p, q)))
    exponent = float(np.polyfit(np.log(LETTERS), np.log(seconds) - np.log(np.log(LETTERS)), 1)[0])
    told = ", ".join(
        f"2^{math.log2(size):.0f}: {1e3 * time:.2g} ms" for size, time in zip(LETTERS, seconds, strict=True)
    )
    work = f"{work}; exponent of n in its time over log n ({told})"
    return Row(work, "exponent", exponent, "n log n", 1.0, None, "", None, None)


def best_seconds(call: Callable[[], object]) -> float:
    """The least of five times."""
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def rows() -> Iterator[Row]:
    """The bars of couplings."""
    if find_spec("numba"):
        yield sorting_row(1 << 20, 12.0)
        yield loop_row(1 << 14, "fast", 30.0)
        yield growth_row("greedy coupling, kernel fast", lambda p, q: couple_greedily(p, q, "fast"))
    yield plain_row(1 << 16, 1.0)
    yield loop_row(1 << 14, "plain", None)
    yield growth_row("greedy coupling, kernel plain", lambda p, q: couple_greedily(p, q, "plain"))
    yield merging_row(1 << 10, 1000.0)
    yield growth_row("EBIM by Algorithm 1, R = 2 bits", lambda p, q: ebrahimi2024(p, 2.0))


if __name__ == "__main__":
    show(list(rows()))
