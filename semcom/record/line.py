"""The lines of a record: points that are finished and points that are under way."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import TypeAdapter

from semcom.studies.study import Coordinate
from semcom.tally import MOST, Tallies


class Finished(NamedTuple):
    """A point and repeat: where it stands, what it cost and what was counted."""

    key: str
    """The hash of all that decides the tallies: task, seed, repeat and stop rule."""
    coordinates: Mapping[str, Coordinate]
    repeat: int
    facts: Mapping[str, float]
    """The cost of a source unit, and the SNR in dB."""
    chunks: int
    seconds: float
    """Wall time in the workers."""
    conventions: Mapping[str, str]
    """How coordinates and facts are meant, such as the definition of SNR."""
    contents: Mapping[str, str]
    """For each field of the task that reads files, such as weights, the digest of what they held."""
    tallies: Tallies
    cautions: tuple[str, ...] = ()
    """What a reader of the tallies should know, such as paths beyond the cyclic prefix."""
    batches: Mapping[str, tuple[float, ...]] = {}
    """For each metric its estimates in batches of chunks, to compare points in pairs; of points of several chunks."""


class UnderWay(NamedTuple):
    """How far an unfinished point is."""

    key: str
    chunks: int
    round_end: int
    """The number of chunks after which the stop rule is asked next."""
    seconds: float
    contents: Mapping[str, str]
    tallies: Tallies
    batches: tuple[Tallies, ...]
    """Its chunks in batches."""


L = TypeVar("L", Finished, UnderWay)
BATCHES = 20  # at most, of a point's chunks: as many as make Student's t almost normal
READERS: Mapping[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (Finished, UnderWay)}


def text_of(line: Finished | UnderWay) -> str:
    """The line as JSON, with its newline."""
    plain = {**line._asdict(), "tallies": _plain(line.tallies)}
    batches = [_plain(batch) for batch in line.batches] if isinstance(line, UnderWay) else dict(line.batches)
    return json.dumps({**plain, "batches": batches}) + "\n"


def _plain(tallies: Tallies) -> dict[str, dict[str, float]]:
    return {name: tally._asdict() for name, tally in tallies.items()}


def line_of(kind: type[L], text: bytes) -> L:
    """The line that a text holds; raises ValueError for anything else, also for counts that no run could give."""
    line: L = READERS[kind].validate_json(text, strict=True)
    if not (_is_whole(line) if isinstance(line, Finished) else _goes_on(line)):
        raise ValueError(f"no run gives this {kind.__name__}")
    return line


def _is_whole(line: Finished) -> bool:
    estimates = [value for batches in line.batches.values() for value in batches]
    numbers = [*line.facts.values(), *estimates, *(v for v in line.coordinates.values() if not isinstance(v, str))]
    batches = set(map(len, line.batches.values()))
    known = line.batches.keys() <= line.tallies.keys() and batches <= {min(line.chunks, BATCHES)}
    return line.repeat >= 0 and known and all(abs(number) <= MOST for number in numbers) and _counted(line)


def _goes_on(line: UnderWay) -> bool:
    kinds = {name: type(tally) for name, tally in line.tallies.items()}
    alike = all({name: type(tally) for name, tally in batch.items()} == kinds for batch in line.batches)
    batches = [tally for batch in line.batches for tally in batch.values()]
    whole = alike and len(line.batches) == min(line.chunks, BATCHES) and all(tally.possible for tally in batches)
    return whole and line.chunks < line.round_end <= MOST and _counted(line)


def _counted(line: Finished | UnderWay) -> bool:
    timely = 0.0 <= line.seconds <= MOST
    return 1 <= line.chunks <= MOST and timely and all(tally.possible for tally in line.tallies.values())


def key_of(text: bytes) -> str:
    """The key of a line that is one."""
    return str(json.loads(text)["key"])
