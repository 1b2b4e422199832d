"""Point reflectors as parts of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from semcom_channels.spec import Spec

if TYPE_CHECKING:
    import numpy as np

Span = float | tuple[float, float]
LIMITS = {
    "range_m": (1e-3, 1e7),
    "speed_m_s": (-1e4, 1e4),
    "azimuth_deg": (-90.0, 90.0),
    "elevation_deg": (-90.0, 90.0),
    "rcs_m2": (1e-12, 1e12),
    "loss_db": (0.0, 400.0),
}


class Reflectors(Spec):
    """Some reflectors of one sort, seen from the base station.

    A number is the same for all of them; of two numbers each draw takes values uniformly between.
    """

    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """How many there are."""
    range_m: Span
    """Distance from the base station."""
    speed_m_s: Span = 0.0
    """Speed towards the base station: what approaches has a positive one."""
    azimuth_deg: Span = 0.0
    """Azimuth from the array's broadside."""
    elevation_deg: Span = 0.0
    """Elevation above the horizon."""
    rcs_m2: Span = 1.0
    """Radar cross section of each."""
    loss_db: Span | None = None
    """Loss from the base station to the reflector and back, in place of the radar equation with `rcs_m2`."""

    @model_validator(mode="after")
    def _spans_are_within_limits(self) -> Self:
        for name, (least, most) in LIMITS.items():
            given = getattr(self, name)
            if given is None:
                continue
            low, high = ends(given)
            if not least <= low <= high <= most:
                raise ValueError(f"{name} is {low:g} to {high:g}; expected a part of {least:g} to {most:g}")
        return self

    def drawn(self, name: str, batch: int, rng: np.random.Generator) -> np.ndarray:
        """Values of a field for each unit and reflector, `[batch, count]`."""
        import numpy as np

        return np.asarray(rng.uniform(*ends(getattr(self, name)), (batch, self.count)))


def ends(span: Span) -> tuple[float, float]:
    """The least and the largest value."""
    return span if isinstance(span, tuple) else (span, span)
