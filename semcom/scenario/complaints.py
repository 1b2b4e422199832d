"""What is wrong with a scenario, in one line that says where, what was given, what was expected."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from semcom.errors import MOST_LETTERS, brief, nearest
from semcom.scenario.fields import fields_at
from semcom.scenario.yaml_text import Document, Path, printable
from semcom_channels.spec import BARE

MOST_LINES = 2
COMMON = ("kind", "name")  # words of messages rather than fields that they name


def complaint(error: ValidationError, document: Document, name: str, model: type[BaseModel]) -> str:
    """One line for each of the first places at fault, and how many more there are."""
    every = error.errors(include_url=False)
    each = {_own_path(fault, document.plain): fault for fault in every}
    roots = [path for path in each if not _follows(path, each)]
    faults = [
        f"{name}:{_line(path, document)}: {printable(_said(each[path], path, document.plain, model))}" for path in roots
    ]
    more = len(faults) - MOST_LINES
    return "\n".join(faults[:MOST_LINES]) + (f" (and {more} more)" if more > 0 else "")


def placed(said: str, document: Document, name: str) -> str:
    """What does not fit together, with the file's name and the line of the field that the words begin with or name."""
    dotted = {".".join(map(str, path)): line for path, line in document.lines.items() if path}
    begins = [place for place in dotted if re.match(re.escape(place) + r"(?![\w.])", said)]
    if begins:
        return f"{name}:{dotted[max(begins, key=len)]}: {printable(said)}"
    where, colon, why = said.partition(": ")
    named = _named(why, document) or _named(where, document) if colon else _named(said, document)
    return f"{name}:{named or document.lines.get(('study',), 1)}: {printable(said)}"


def _named(words: str, document: Document) -> int | None:
    """The line of the field whose name comes first in the words; None without any."""
    found: dict[int, int] = {}
    for path, line in document.lines.items():
        last = str(path[-1]).rpartition(".")[2] if path and isinstance(path[-1], str) else ""
        if last and last not in COMMON and (match := re.search(rf"(?<!\w){re.escape(last)}(?!\w)", words)):
            found.setdefault(match.start(), line)
    return found[min(found)] if found else None


def _follows(path: Path, each: dict[Path, ErrorDetails]) -> bool:
    """Whether a fault only follows from others inside it: what is refused leaves its list too short."""
    inside = any(len(other) > len(path) and other[: len(path)] == path for other in each)
    return inside and each[path]["type"] == "too_short"


def _line(path: Path, document: Document) -> int:
    return next((document.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in document.lines), 1)


def _own_path(fault: ErrorDetails, plain: Any) -> Path:
    """The path in the file: a location without the names of kinds and alternatives."""
    path: list[str | int] = []
    here = plain
    location: Sequence[str | int] = fault["loc"]
    for place, part in enumerate(location):
        last = place == len(location) - 1
        if _has(here, part):
            path.append(part)
            here = here[part]
        elif last and fault["type"] == "missing" and isinstance(here, dict | list):
            path.append(part)
    return tuple(path)


def _has(here: Any, part: str | int) -> bool:
    if isinstance(here, dict):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _said(fault: ErrorDetails, path: Path, plain: Any, model: type[BaseModel]) -> str:
    shown = ".".join(_short(str(part)) for part in path)
    return f"{shown or 'the file'}: {_what(fault, path, plain, model)}"


def _what(fault: ErrorDetails, path: Path, plain: Any, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden":
        known = fields_at(model, path[:-1], plain)
        return f"no such field; {nearest(str(path[-1]), known)}" if known else "no such field"
    if fault["type"] in SAYINGS:
        return SAYINGS[fault["type"]](fault)
    words = fault["msg"].replace("Input should", "it should")
    for technical, common in (("an object", "a mapping of names to values"), ("a valid array", "a list")):
        words = words.replace(technical, common)
    return f"{brief(fault['input'])} was given; {words}"


def _unknown_kind(fault: ErrorDetails) -> str:
    tag = fault["ctx"]["tag"].removeprefix(BARE)
    expected = [name.strip(" '") for name in fault["ctx"]["expected_tags"].split(",")]
    known = (name for name in expected if not name.startswith(BARE))
    return f"{brief(tag)} is not known; {nearest(tag, known)}"


def _empty(fault: ErrorDetails) -> str:
    least = fault["ctx"]["min_length"]
    return f"has {fault['ctx']['actual_length'] or 'no'} entries; expected at least {least}"


SAYINGS: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda fault: "is missing",
    "too_short": _empty,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": lambda fault: f"{brief(fault['input'])} names no kind; give one as `kind: NAME`",
    "value_error": lambda fault: str(fault["ctx"]["error"]),
    "bool_type": lambda fault: f"{brief(fault['input'])} is no truth value; write true or false",
    "literal_error": lambda fault: f"{brief(fault['input'])} is not accepted; expected {fault['ctx']['expected']}",
}


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 3] + "..."
