"""Modes: the axes of a measured tensor along which a target is a complex tone.

Along a mode of N samples a target is exp(2 pi j f n), n = 0..N-1, at a frequency f in cycles per sample that follows
from its angle, delay or Doppler shift.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from semcom_channels.arrays import Array, Spacing
from semcom_channels.spec import Family, Part

if TYPE_CHECKING:
    import numpy as np

Samples = Annotated[int, Field(ge=2, le=1 << 20)]
Interval = tuple[float, float]
DEGREE = math.pi / 180.0


class Mode(Part):
    """One axis of the tensor."""

    length: Samples
    """Samples along the axis."""

    @property
    @abstractmethod
    def unit(self) -> str:
        """The unit of its parameter, as it ends names: deg, s or hz."""

    @property
    @abstractmethod
    def view(self) -> Interval:
        """The field of view in cycles per sample, the lower end first."""

    @abstractmethod
    def frequency(self, value: np.ndarray) -> np.ndarray:
        """Cycles per sample of its parameter."""

    @abstractmethod
    def value(self, frequency: np.ndarray) -> np.ndarray:
        """The parameter that has this frequency."""

    @model_validator(mode="after")
    def _view_is_unambiguous(self) -> Self:
        low, high = self.view
        if not low < high:
            raise ValueError(f"the field of view is empty: from {low:g} to {high:g} cycles a sample")
        if high - low > 1.0 + 1e-9:
            raise ValueError(
                f"the field of view is {high - low:.3g} cycles a sample wide; beyond 1 targets are ambiguous. "
                "Narrow it, or sample more densely"
            )
        return self


class Line(Mode):
    """A uniform line of antennas."""

    spacing_wavelengths: Spacing = 0.5
    """Distance between neighbours."""

    @property
    def unit(self) -> str:
        """Degrees."""
        return "deg"


class Angle(Line):
    """Angle to the axis of a line of antennas: f = d cos(angle). [arXiv 2503.21242]"""

    kind: Literal["angle"] = "angle"
    view_deg: Interval = (0.0, 180.0)
    """Between which angles targets are."""

    @property
    def view(self) -> Interval:
        """Cosines fall from 0 to 180 degrees."""
        first, last = self.view_deg
        if not 0.0 <= first < last <= 180.0:
            raise ValueError(f"view_deg is {first:g} to {last:g}; expected a part of 0 to 180")
        return (self.spacing_wavelengths * math.cos(last * DEGREE), self.spacing_wavelengths * math.cos(first * DEGREE))

    def frequency(self, value: np.ndarray) -> np.ndarray:
        """Of angles in degrees."""
        import numpy as np

        return np.asarray(self.spacing_wavelengths * np.cos(np.asarray(value) * DEGREE))

    def value(self, frequency: np.ndarray) -> np.ndarray:
        """Angles in degrees; beyond the ends of the line as at its ends."""
        import numpy as np

        return np.asarray(np.arccos(np.clip(frequency / self.spacing_wavelengths, -1.0, 1.0)) / DEGREE)


class Sine(Line):
    """What azimuth and elevation share: f = d sin(angle) of the angle to broadside."""

    view_deg: Interval = (-90.0, 90.0)
    """Between which angles targets are."""

    @property
    def view(self) -> Interval:
        """Sines rise from -90 to 90 degrees."""
        first, last = self.view_deg
        if not -90.0 <= first < last <= 90.0:
            raise ValueError(f"view_deg is {first:g} to {last:g}; expected a part of -90 to 90")
        return (self.spacing_wavelengths * math.sin(first * DEGREE), self.spacing_wavelengths * math.sin(last * DEGREE))

    def frequency(self, value: np.ndarray) -> np.ndarray:
        """Of angles in degrees."""
        import numpy as np

        return np.asarray(self.spacing_wavelengths * np.sin(np.asarray(value) * DEGREE))

    def value(self, frequency: np.ndarray) -> np.ndarray:
        """Angles in degrees; beyond endfire as at endfire."""
        import numpy as np

        return np.asarray(np.arcsin(np.clip(frequency / self.spacing_wavelengths, -1.0, 1.0)) / DEGREE)


class Elevation(Sine):
    """Elevation above the horizon, seen by a vertical line: f = d sin(elevation)."""

    kind: Literal["elevation"] = "elevation"


class Azimuth(Sine):
    """Azimuth from broadside, seen by a horizontal line: f = d sin(azimuth) cos(elevation).

    The elevation is that of the elevation mode beside it, or 0. [3GPP TR 38.901, section 7.1]
    """

    kind: Literal["azimuth"] = "azimuth"

    @property
    def view(self) -> Interval:
        """Targets above the horizon have smaller frequencies, down to 0."""
        low, high = super().view
        return (min(low, 0.0), max(high, 0.0))


class Departure(Sine):
    """Angle of departure from a sender's line, to its broadside, in bistatic geometry: f = d sin(angle)."""

    kind: Literal["departure"] = "departure"


class Delay(Mode):
    """Delay over OFDM subcarriers: exp(-2 pi j spacing delay n), so f = -spacing * delay."""

    kind: Literal["delay"] = "delay"
    spacing_hz: Annotated[float, Field(gt=0.0)]
    """Distance between the subcarriers that are used."""
    view_s: Interval | None = None
    """Between which delays targets are; null: 0 to 1 / spacing."""

    @property
    def unit(self) -> str:
        """Seconds."""
        return "s"

    @property
    def view(self) -> Interval:
        """A later target has the lower frequency."""
        first, last = self.view_s or (0.0, 1.0 / self.spacing_hz)
        return (-self.spacing_hz * last, -self.spacing_hz * first)

    def frequency(self, value: np.ndarray) -> np.ndarray:
        """Of delays in s."""
        return -self.spacing_hz * value

    def value(self, frequency: np.ndarray) -> np.ndarray:
        """Delays in s."""
        return -frequency / self.spacing_hz


class Doppler(Mode):
    """Doppler shift over OFDM symbols: f = shift * time between symbols, positive for what approaches."""

    kind: Literal["doppler"] = "doppler"
    symbol_s: Annotated[float, Field(gt=0.0)]
    """Time from one used symbol to the next."""
    view_hz: Interval | None = None
    """Between which shifts targets are; null: half the symbol rate to both sides."""

    @property
    def unit(self) -> str:
        """Hertz."""
        return "hz"

    @property
    def view(self) -> Interval:
        """In the order given."""
        first, last = self.view_hz or (-0.5 / self.symbol_s, 0.5 / self.symbol_s)
        return (self.symbol_s * first, self.symbol_s * last)

    def frequency(self, value: np.ndarray) -> np.ndarray:
        """Of shifts in Hz."""
        return self.symbol_s * value

    def value(self, frequency: np.ndarray) -> np.ndarray:
        """Shifts in Hz."""
        return frequency / self.symbol_s


KINDS = (Angle, Azimuth, Elevation, Departure, Delay, Doppler)
MODES = Family("semcom.modes", KINDS)


def modes_of_array(array: Array) -> tuple[Mode, ...]:
    """The modes of an array of the channels: a horizontal line has an azimuth, a planar one also an elevation.

    Antennas of the tensor lie in the order of these modes, rows of a planar array first.
    """
    rows, columns = array.places
    row_spacing, column_spacing = array.spacing
    modes: list[Mode] = []
    if rows > 1:
        modes.append(Elevation(length=rows, spacing_wavelengths=row_spacing))
    if columns > 1:
        modes.append(Azimuth(length=columns, spacing_wavelengths=column_spacing))
    return tuple(modes)
