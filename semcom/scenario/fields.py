"""Which fields there are at a place of a scenario: what could have been meant."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from semcom.scenario.yaml_text import Path
from semcom_channels import Family
from semcom_channels.kinds import PlugInError


class _Place(NamedTuple):
    """What an annotation allows, and what is there."""

    annotation: Any
    plain: Any


def fields_at(model: type[BaseModel], path: Path, plain: Any) -> list[str]:
    """The names of the fields of whatever models a path leads to in a scenario; none where it leads to no model."""
    places = [_Place(model, plain)]
    for part in path:
        places = [inner for place in places for inner in _step(place, part)]
    return list(dict.fromkeys(name for place in places for one in _models(place) for name in one.model_fields))


def _step(place: _Place, part: str | int) -> Iterator[_Place]:
    plain = _value(place.plain, part)
    for kind in _models(place):
        if part in kind.model_fields:
            field = kind.model_fields[str(part)]
            yield _Place(_joined(field.annotation, field.metadata), plain)
    for one in _leaves(place.annotation):
        inner = get_args(one)
        if get_origin(one) is dict:
            yield _Place(inner[1], plain)
        elif get_origin(one) is tuple and isinstance(part, int):
            yield _Place(inner[0] if Ellipsis in inner else inner[min(part, len(inner) - 1)], plain)


def _value(plain: Any, part: str | int) -> Any:
    try:
        return plain[part]
    except (KeyError, IndexError, TypeError):
        return None


def _joined(annotation: Any, metadata: list[Any]) -> Any:
    for one in metadata:
        annotation = Annotated[annotation, one]
    return annotation


def _models(place: _Place) -> Iterator[type[BaseModel]]:
    """The models that may be at a place: of a family the kind that the file names."""
    for one in _leaves(place.annotation):
        if isinstance(one, Family):
            named = place.plain.get("kind") if isinstance(place.plain, Mapping) else place.plain
            kind = _kind(one, named) if isinstance(named, str) else None
            if kind is not None:
                yield kind
        elif isinstance(one, type) and issubclass(one, BaseModel):
            yield one


def _kind(family: Family, name: str) -> type[BaseModel] | None:
    try:
        return family.kinds.get(name)
    except PlugInError:
        return None


def _leaves(annotation: Any) -> Iterator[Any]:
    """The families, models and containers of an annotation, without what holds them together."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        families = [one for one in metadata if isinstance(one, Family)]
        yield from families or _leaves(inner)
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _leaves(one)
    else:
        yield annotation
