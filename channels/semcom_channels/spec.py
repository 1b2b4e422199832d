"""What a scenario can name: frozen, strict pydantic models, gathered in families of kinds."""

import hashlib
import json
from collections.abc import Hashable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from semcom_channels.kinds import Kinds
from semcom_channels.sequences import with_lists

BARE = "a bare "  # marks the tag of a kind that is given by its name alone


class Spec(BaseModel):
    """A frozen model whose fields are the YAML and whose methods do the work.

    Sequences are tuples, so a Spec hashes and pickles; it holds no compiled function and no tensor.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True, defer_build=True
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        return with_lists(handler(source))

    @classmethod
    def read(cls, plain: object) -> Self:
        """The Spec that plain YAML or JSON values describe; raises `pydantic.ValidationError`."""
        return cls.model_validate_json(json.dumps(plain))

    def plain(self) -> dict[str, Any]:
        """The Spec as plain JSON values, defaults included."""
        return self.model_dump(mode="json")

    def code_fields(self) -> tuple[str, ...]:
        """Those of its fields that name code which no package offers: an importable function, such as os:_exit."""
        return ()

    @property
    def key(self) -> str:
        """The first 16 hex digits of the SHA-256 of the canonical JSON: equal exactly for equal Specs of one class."""
        return key_of(self.plain())  # kept nowhere, since a changed copy would carry it along

    def __hash__(self) -> int:
        try:
            return hash((type(self), *self.__dict__.values()))
        except TypeError:  # a mapping among the fields
            return int(self.key, 16)


class Part(Spec):
    """A Spec of one family: `kind` tells which."""

    kind: str
    cites: ClassVar[tuple[str, ...]] = ()
    """What to cite for it: keys of semcom's bibliography, or whole BibTeX entries."""

    def files(self) -> tuple[Path, ...]:
        """The files, besides the scenario, that decide what it does; a record keeps the digest of what they hold."""
        return ()


def specs_in(value: object, met: set[int], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Spec]]:
    """Every Spec inside a value, itself included, with the path to it; without those whose ids are in `met`."""
    if isinstance(value, Spec):
        if id(value) in met:
            return
        met.add(id(value))
        yield path, value
        for name in type(value).model_fields:
            yield from specs_in(getattr(value, name), met, (*path, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from specs_in(inner, met, (*path, str(name)))
    elif isinstance(value, tuple):
        for place, inner in enumerate(value):
            yield from specs_in(inner, met, (*path, str(place)))


def key_of(plain: object) -> str:
    """The first 16 hex digits of the SHA-256 of plain JSON values with sorted keys; -0.0 counts as 0.0, its equal."""
    unsigned = json.loads(json.dumps(plain), parse_float=lambda digits: float(digits) + 0.0)
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Family:
    """The kinds of one family: the built-in ones and those that installed packages offer under the entry point `group`.

    Used as a field's annotation, `Annotated[Channel, CHANNELS]`, it is their union, told apart by `kind`; a bare name
    stands for the kind with its defaults.
    """

    def __init__(self, group: str, builtin: tuple[type[Part], ...]) -> None:
        self.group = group
        self.builtin = builtin

    @cached_property
    def kinds(self) -> Kinds["type[Part]"]:
        """Every kind by its name, built-in ones first; those of packages are imported when they are looked up."""
        return Kinds(self.group, {name_of(kind): kind for kind in self.builtin}, _checked)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices: dict[Hashable, CoreSchema] = {}
        for name in self.kinds:
            own = handler.generate_schema(self.kinds[name]) if self.kinds.has(name) else _offered(self.kinds, name)
            choices[name] = own
            choices[BARE + name] = _bare(self.kinds, name)
        return core_schema.tagged_union_schema(choices, _tag)


def _bare(kinds: Kinds["type[Part]"], name: str) -> CoreSchema:
    return core_schema.no_info_after_validator_function(
        lambda _: kinds[name].read({"kind": name}), core_schema.literal_schema([name])
    )


def _offered(kinds: Kinds["type[Part]"], name: str) -> CoreSchema:
    """The schema of a kind that is imported when something of that kind is read."""

    def read(plain: Any) -> Part:
        kind = kinds[name]
        return plain if isinstance(plain, kind) else kind.read(plain)

    return core_schema.no_info_plain_validator_function(
        read, json_schema_input_schema=core_schema.dict_schema(keys_schema=core_schema.str_schema())
    )


def _tag(given: object) -> str | None:
    if isinstance(given, str):
        return BARE + given
    kind = given.get("kind") if isinstance(given, dict) else getattr(given, "kind", None)
    return kind if isinstance(kind, str) else None


def _checked(name: str, offered: object) -> "type[Part]":
    """What an entry point offers; raises TypeError for anything but a Part of its name."""
    if not (isinstance(offered, type) and issubclass(offered, Part)):
        raise TypeError(f"offers {offered!r}; expected a Part")
    if name_of(offered) != name:
        raise TypeError(f"offers the kind {name_of(offered)}; expected one of its own name")
    return offered


def name_of(kind: type[Part]) -> str:
    """The one name that a kind's `kind` field accepts."""
    annotation = kind.model_fields["kind"].annotation
    names: tuple[str, ...] = getattr(annotation, "__args__", ())
    if len(names) != 1:
        raise TypeError(f"{kind.__name__}.kind must be a Literal of one name")
    return names[0]
