"""Measures semcom and its peers side by side: in turns, on one core, so that both meet the same machine."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from threadpoolctl import threadpool_limits

REPETITIONS, PROGRAM_REPETITIONS = 7, 5
SEED = 1

Speed = Callable[[], float]
"""Does some work, about a second of it, and returns how much of it a second does."""


class Row(NamedTuple):
    """A line of the page. Speeds are medians; the ratio is semcom's over the peer's: its median, least and greatest."""

    work: str
    unit: str
    ours: float
    peer: str
    theirs: float | None
    ratio: tuple[float, float, float] | None
    bar: str
    """What the ratio, or semcom's own figure, should reach; empty where the peer is there to compare only."""
    passed: bool | None
    share: float | None
    """Of a core's time that the process had in the worst repetition, if known; below 1 something else was running."""


class Turns(NamedTuple):
    """The speeds of each turn, and the least share of a core that a process had."""

    ours: list[float]
    theirs: list[float]
    share: float


class Peer(NamedTuple):
    """Another implementation of the same work."""

    name: str
    speed: Speed


def side_by_side(work: str, unit: str, ours: Speed, peer: Peer, least_ratio: float | None) -> Row:
    """The row of a work whose speed should be at least `least_ratio` times the peer's; a first turn does not count."""
    in_turns(ours, peer.speed, 1)
    return row_of(work, unit, peer.name, in_turns(ours, peer.speed, REPETITIONS), least_ratio)


def whole_programs(work: str, ours: Speed, peer: Peer, least_ratio: float | None) -> Row:
    """The row of a work that both do in processes of their own, from start to end; in seconds, every turn counts."""
    row = row_of(work, "s", peer.name, in_turns(ours, peer.speed, PROGRAM_REPETITIONS), least_ratio)
    return row._replace(ours=1.0 / row.ours, theirs=1.0 / (row.theirs or 1.0))


def row_of(work: str, unit: str, peer: str, turns: Turns, least_ratio: float | None) -> Row:
    """The row of what was measured."""
    mine, theirs, share = turns
    ratios = sorted(a / b for a, b in zip(mine, theirs, strict=True))
    ratio = (statistics.median(ratios), ratios[0], ratios[-1])
    bar, passed = "", None
    if least_ratio is not None:
        bar, passed = f"at least {least_ratio:g} x", ratio[0] >= least_ratio
    return Row(work, unit, statistics.median(mine), peer, statistics.median(theirs), ratio, bar, passed, share)


def in_turns(ours: Speed, theirs: Speed, repetitions: int) -> Turns:
    """Measures the one, then the other, and again."""
    kept: tuple[list[float], list[float]] = ([], [])
    shares = []
    with threadpool_limits(limits=1):
        for _ in range(repetitions):
            for one, results in zip((ours, theirs), kept, strict=True):
                wall, busy = time.perf_counter(), busy_seconds()
                results.append(one())
                shares.append((busy_seconds() - busy) / (time.perf_counter() - wall))
    return Turns(*kept, min(shares))


def busy_seconds() -> float:
    """Processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def timed(call: Callable[[], object]) -> float:
    """Wall seconds of a call."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def per_second(amount: float, call: Callable[[], object], seconds: float = 1.0) -> Speed:
    """The speed of a call that does `amount` of work, repeated for about that many seconds."""

    def speed() -> float:
        begin, calls = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds:
            call()
            calls += 1
        return amount * calls / (time.perf_counter() - begin)

    return speed


def fastest(candidates: Sequence[Speed]) -> Speed:
    """The fastest of several ways to do one work, tried twice each."""
    return max(candidates, key=lambda speed: max(speed(), speed()))


def installed(package: str) -> str | None:
    """The version of a package, None when it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def missing(work: str, unit: str, package: str, note: str = "") -> Row:
    """The row that says that a peer is not installed."""
    return Row(work, unit, float("nan"), f"not installed: `pip install {package}`{note}", None, None, "", None, None)


def line(row: Row) -> str:
    """The row of the page."""
    ratio = "" if row.ratio is None else f"{row.ratio[0]:.3g} ({row.ratio[1]:.3g} to {row.ratio[2]:.3g})"
    theirs = "" if row.theirs is None else f"{row.theirs:.3g}"
    ours = "" if row.ours != row.ours else f"{row.ours:.3g}"
    verdict = {True: "pass", False: "**miss**", None: ""}[row.passed]
    return f"| {row.work} | {row.unit} | {ours} | {row.peer} | {theirs} | {ratio} | {row.bar} | {verdict} |"


HEAD = (
    "| work | unit | semcom | peer | peer's | ratio (least to greatest) | bar | |",
    "|---|---|---|---|---|---|---|---|",
)


def show(rows: Sequence[Row]) -> None:
    """Prints rows; as JSON into the file that is named on the command line, if any."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps([row._asdict() for row in rows]), encoding="utf-8")
    print("\n".join([*HEAD, *map(line, rows)]))
