"""What is wrong with a scenario, in one line that says where, what was given, what was expected."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from semcom.errors import nearest
from semcom.scenario.yaml_text import Document, Path
from semcom_channels import Family
from semcom_channels.spec import BARE

MOST_LINES = 2


def complaint(error: ValidationError, document: Document, name: str, model: type[BaseModel]) -> str:
    """One line for each of the first places at fault, and how many more there are."""
    each = {_without_tags(fault["loc"], document.plain): fault for fault in error.errors(include_url=False)}
    faults = [_line(fault, document, name, model) for fault in each.values()]
    more = len(faults) - MOST_LINES
    return "\n".join(faults[:MOST_LINES]) + (f" (and {more} more)" if more > 0 else "")


def _line(fault: ErrorDetails, document: Document, name: str, model: type[BaseModel]) -> str:
    path = _without_tags(fault["loc"], document.plain)
    shown = ".".join(str(part) for part in path)
    where = next((document.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in document.lines), 1)
    return f"{name}:{where}: {shown or 'the file'}: {_what(fault, path, document.plain, model)}"


def _without_tags(location: Sequence[str | int], plain: Any) -> Path:
    path: list[str | int] = []
    here = plain
    for part in location:
        if isinstance(here, dict) and part not in here and here.get("kind") == part:
            continue
        if isinstance(here, str | float | int) and part in (here, BARE + str(here)):
            continue
        if part in AXIS_TAGS and not (isinstance(here, dict) and part in here):
            continue
        path.append(part)
        inside = isinstance(here, dict) and part in here
        inside |= isinstance(here, list) and isinstance(part, int) and part < len(here)
        here = here[part] if inside else None
    return tuple(path)


AXIS_TAGS = ("steps", "values", "str", "float")  # how an axis' values are given; no part of the file's own path


def _what(fault: ErrorDetails, path: Path, plain: Any, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden":
        return f"no such field; {nearest(str(path[-1]), _fields(path[:-1], plain, model))}"
    if fault["type"] in SAYINGS:
        return SAYINGS[fault["type"]](fault)
    words = fault["msg"].replace("Input should", "it should")
    for technical, common in (("an object", "a mapping of names to values"), ("a valid array", "a list")):
        words = words.replace(technical, common)
    return f"{_short(fault['input'])} was given; {words}"


def _unknown_kind(fault: ErrorDetails) -> str:
    tag = fault["ctx"]["tag"].removeprefix(BARE)
    expected = [name.strip(" '") for name in fault["ctx"]["expected_tags"].split(",")]
    return f"{tag!r} is not known; {nearest(tag, (name for name in expected if not name.startswith(BARE)))}"


SAYINGS: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda fault: "is missing",
    "too_short": lambda fault: "is empty; expected at least one entry",
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": lambda fault: f"{_short(fault['input'])} names no kind; give one as `kind: NAME`",
    "value_error": lambda fault: str(fault["ctx"]["error"]),
    "bool_type": lambda fault: f"{_short(fault['input'])} is no truth value; write true or false",
    "literal_error": lambda fault: f"{_short(fault['input'])} is not accepted; expected {fault['ctx']['expected']}",
}


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _fields(path: Path, plain: Any, model: type[BaseModel]) -> list[str]:
    """The fields of the model at a path: what could have been meant."""
    here: Any = model
    for part in path:
        plain = plain[part]
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields[str(part)]
            here = (field.annotation, *field.metadata)
        here = _inside(here, plain)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _inside(annotation: Any, plain: Any) -> Any:
    """The model that an annotation allows for a plain value: a family's kind or the only model in it."""
    if isinstance(annotation, tuple):
        parts = annotation
    else:
        parts = (*get_args(annotation), *getattr(annotation, "__metadata__", ()))
    for part in parts:
        if isinstance(part, Family) and isinstance(plain, dict):
            return part.kinds.get(plain.get("kind", ""), annotation)
    for part in parts:
        if isinstance(part, type) and issubclass(part, BaseModel) and not getattr(part, "__abstract__", False):
            return part
    return next((found for part in parts if (found := _inside(part, plain)) is not part and get_args(part)), annotation)
