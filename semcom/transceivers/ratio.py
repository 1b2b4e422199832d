"""The bandwidth ratio k/n as a field that keeps fractions exact."""

from fractions import Fraction
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema


def _read(given: object) -> Fraction:
    if isinstance(given, bool) or not isinstance(given, int | float | str | Fraction):
        raise ValueError(f"{given!r} is no ratio; expected a fraction such as 1/12 or a number")
    try:
        ratio = Fraction(given) if not isinstance(given, float) else Fraction(given).limit_denominator(10_000)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"{given!r} is no ratio; expected a fraction such as 1/12 or a number") from None
    if not 0 < ratio <= 8:
        raise ValueError(f"the bandwidth ratio is {given}; expected above 0 and at most 8")
    return ratio


BandwidthRatio = Annotated[
    Fraction,
    PlainValidator(_read),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": "^[0-9]+/[0-9]+$"},
                {"type": "number", "exclusiveMinimum": 0, "maximum": 8},
            ]
        }
    ),
]
"""Complex symbols per source value (a colour of a pixel): k/n. [Bourtsoulatze et al. 2019, section II]"""
