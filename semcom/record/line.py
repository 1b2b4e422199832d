"""The lines of a record: points that are finished and points that are under way."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from semcom.studies.study import Coordinate
from semcom.tally import Tallies, tally_of


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
    tallies: Tallies


class UnderWay(NamedTuple):
    """How far an unfinished point is."""

    key: str
    chunks: int
    round_end: int
    """The number of chunks after which the stop rule is asked next."""
    seconds: float
    tallies: Tallies


L = TypeVar("L", Finished, UnderWay)


def text_of(line: Finished | UnderWay) -> str:
    """The line as JSON, with its newline."""
    tallies = {name: tally._asdict() for name, tally in line.tallies.items()}
    return json.dumps({**line._asdict(), "tallies": tallies}) + "\n"


def line_of(kind: type[L], text: str) -> L:
    """The line that a text holds; raises ValueError for anything else."""
    plain: Any = json.loads(text)
    try:
        tallies = {name: tally_of(tally) for name, tally in plain["tallies"].items()}
        return kind(**{**{name: plain[name] for name in kind._fields}, "tallies": tallies})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no {kind.__name__} line: {error!r}") from error
