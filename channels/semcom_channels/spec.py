"""What a scenario can name: frozen, strict pydantic models, gathered in families of kinds."""

import hashlib
import json
from collections.abc import Hashable
from functools import cached_property
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

BARE = "a bare "  # marks the tag of a kind that is given by its name alone


class Spec(BaseModel):
    """A frozen model whose fields are the YAML and whose methods do the work.

    Sequences are tuples, so a Spec hashes and pickles; it holds no compiled function and no tensor.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True, defer_build=True
    )

    @classmethod
    def read(cls, plain: object) -> Self:
        """The Spec that plain YAML or JSON values describe; raises `pydantic.ValidationError`."""
        return cls.model_validate_json(json.dumps(plain))

    def plain(self) -> dict[str, Any]:
        """The Spec as plain JSON values, defaults included."""
        return self.model_dump(mode="json")

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
    def kinds(self) -> dict[str, type[Part]]:
        """Every kind by its name, built-in ones first; raises TypeError for an entry point that offers no Part."""
        found = {name_of(kind): kind for kind in self.builtin}
        for entry in sorted(entry_points(group=self.group), key=lambda entry: entry.name):
            kind = entry.load()
            if not (isinstance(kind, type) and issubclass(kind, Part)):
                raise TypeError(f"entry point {entry.name} of {self.group} offers {kind!r}; expected a Part")
            found.setdefault(name_of(kind), kind)
        return found

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices: dict[Hashable, CoreSchema] = {}
        for name, kind in self.kinds.items():
            choices[name] = handler.generate_schema(kind)
            choices[BARE + name] = _bare(name, kind)
        return core_schema.tagged_union_schema(choices, _tag)


def _bare(name: str, kind: type[Part]) -> CoreSchema:
    return core_schema.no_info_after_validator_function(
        lambda _: kind.read({"kind": name}), core_schema.literal_schema([name])
    )


def _tag(given: object) -> str | None:
    if isinstance(given, str):
        return BARE + given
    kind = given.get("kind") if isinstance(given, dict) else getattr(given, "kind", None)
    return kind if isinstance(kind, str) else None


def name_of(kind: type[Part]) -> str:
    """The one name that a kind's `kind` field accepts."""
    annotation = kind.model_fields["kind"].annotation
    names: tuple[str, ...] = getattr(annotation, "__args__", ())
    if len(names) != 1:
        raise TypeError(f"{kind.__name__}.kind must be a Literal of one name")
    return names[0]
