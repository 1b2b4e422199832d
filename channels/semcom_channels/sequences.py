"""Lists for tuples: in Python a Spec takes a list wherever it keeps a tuple, as in YAML."""

from typing import Any

from pydantic_core import CoreSchema, PydanticKnownError, core_schema

ENDS = ("model", "definition-ref")  # other Specs, which see to their own tuples


def with_lists(schema: CoreSchema) -> CoreSchema:
    """The schema of a Spec, whose tuples take lists too, but nothing without an order."""
    outer: Any = schema
    if outer["type"] == "model":
        return {**outer, "schema": _inside(outer["schema"])}
    if "schema" in outer:  # validators around the model, or definitions before it
        return {**outer, "schema": with_lists(outer["schema"])}
    return schema


def _inside(schema: Any) -> Any:
    if isinstance(schema, list | tuple):
        return type(schema)(_inside(part) for part in schema)
    if not isinstance(schema, dict) or schema.get("type") in ENDS:
        return schema
    inner = {name: part if name == "metadata" else _inside(part) for name, part in schema.items()}
    if inner.get("type") != "tuple":
        return inner
    return core_schema.no_info_before_validator_function(_ordered, {**inner, "strict": False})


def _ordered(given: Any) -> Any:
    """What is given, which may be wrong in any other way; a set has no order, so it is no tuple."""
    if isinstance(given, set | frozenset):
        raise PydanticKnownError("tuple_type")
    return given
