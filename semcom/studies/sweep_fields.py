"""Sweeps over fields: which axes there are, and a part with the values of a point."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import inf
from typing import Any, TypeVar

from pydantic import ValidationError

from semcom.errors import UserError, brief, nearest
from semcom.studies.study import Coordinate, Point, Sweep
from semcom_channels import Spec
from semcom_channels.units import SNR_DB_RANGE

S = TypeVar("S", bound=Spec)


def check_axes(sweep: Sweep, own: tuple[str, ...], parts: tuple[str, ...]) -> None:
    """Raises UserError for an axis that is none of the study's own and no field of a part, and for ratios too far."""
    for axis, values in sweep.items():
        part, dot, _ = axis.partition(".")
        if axis not in own and not (dot and part in parts):
            raise UserError(
                f"sweep.{axis}: no such axis; {_meant(axis, own)}expected {', '.join(own)} or a field such as "
                f"{_example(parts)}"
            )
        if axis in own and axis.endswith("_db"):
            _check_decibels(axis, values)
    ratios = [axis for axis in own if axis in sweep and axis.endswith("_db")]
    if len(ratios) > 1:
        raise UserError(f"sweep: {' and '.join(ratios)} say the same thing; give one of them")


def _meant(axis: str, own: tuple[str, ...]) -> str:
    hint, mark, _ = nearest(axis, own).partition("? ")
    return hint + mark if mark else ""


def places_of(sweep: Sweep) -> Iterator[dict[str, Coordinate]]:
    """The value of each axis at each point of a sweep, the last axis the fastest."""
    return (dict(zip(sweep, values, strict=True)) for values in product(*sweep.values()))


def _example(parts: tuple[str, ...]) -> str:
    examples = {
        "transceiver": "transceiver.bandwidth_ratio",
        "scene": "scene.targets",
        "game": "game.policy.log_beta",
        "marginals": "marginals.concentration",
    }
    return next(example for part, example in examples.items() if part in parts)


def _check_decibels(axis: str, values: tuple[Coordinate, ...]) -> None:
    low, high = SNR_DB_RANGE
    for value in values:
        if isinstance(value, str):
            raise UserError(f"sweep.{axis}: {axis} is {brief(value)}; expected a number")
        if not low <= value <= high:
            raise UserError(f"sweep.{axis}: {axis} is {value:g}; expected {low:g} to {high:g}. Is it in linear scale?")


def check_amounts(sweep: Sweep, counts: tuple[str, ...]) -> None:
    """Raises UserError for values of `counts` that are no whole numbers of 1 or more, and for a `rate_bits` below 0."""
    for axis, values in sweep.items():
        least = 1 if axis in counts else 0
        for value in values if axis in (*counts, "rate_bits") else ():
            if isinstance(value, str) or not least <= value < inf or (axis in counts and value != int(value)):
                expected = "a whole number of 1 or more" if axis in counts else "0 bits or more"
                raise UserError(f"sweep.{axis}: {axis} is {brief(value)}; expected {expected}")


def check_given(sweep: Sweep, needed: tuple[str, ...], kind: str) -> None:
    """Raises UserError for an axis that a study of this kind needs and the sweep lacks."""
    for axis in needed:
        if axis not in sweep:
            raise UserError(f"sweep: a {kind} study needs the axis {axis}; give it one value or more")


def check_asked(points: Sequence[Point]) -> None:
    """Raises UserError when every point is left out."""
    if not points:
        raise UserError("sweep.letters: all points are left out by up_to_letters; give fewer letters")


def part_at(part: S, name: str, place: Mapping[str, Coordinate]) -> S:
    """The part with the fields that the sweep sets."""
    changes = {axis.partition(".")[2]: value for axis, value in place.items() if axis.startswith(name + ".")}
    if not changes:
        return part
    kind = getattr(part, "kind", name)
    plain: dict[str, Any] = part.plain()
    for field, given in changes.items():
        *outer, last = field.split(".")
        here: Any = plain
        for step in outer:
            here = _inside(here, step)
        if not isinstance(here, dict) or last not in here:
            known = here if isinstance(here, dict) and here else plain
            raise UserError(f"sweep.{name}.{field}: {kind} has no field {field}; {nearest(last, known)}")
        here[last] = _whole(given)
    try:
        return type(part).read(plain)
    except ValidationError as error:
        fault = error.errors()[0]
        field = next((field for field in changes if field.split(".")[-1] in fault["loc"]), next(iter(changes)))
        told = fault["ctx"]["error"] if fault["type"] == "value_error" else fault["msg"].replace("Input", "it")
        raise UserError(f"sweep.{name}.{field}: {brief(_whole(changes[field]))} was given; {kind}: {told}") from None


def _inside(plain: Any, step: str) -> Any:
    """What a mapping has under a name, or a list at a place; an empty mapping where there is nothing."""
    if isinstance(plain, list) and step.isdigit() and int(step) < len(plain):
        return plain[int(step)]
    return plain.get(step, {}) if isinstance(plain, dict) else {}


def _whole(value: Coordinate) -> Coordinate:
    """The value as it was written: a whole number is an integer."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
