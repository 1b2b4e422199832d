"""Antenna arrays as parts of a scenario."""

from abc import abstractmethod
from typing import Annotated, Any, Literal

from pydantic import Field

from semcom_channels.spec import Family, Part

Spacing = Annotated[float, Field(gt=0.0, le=10.0)]


class Array(Part):
    """Elements in the y-z plane, which look along x. [3GPP TR 38.901, section 7.3]"""

    polarisation: Literal["vertical", "horizontal", "vertical-horizontal", "cross"] = "vertical"
    """Two polarisations double the antennas: each place then has one of each."""
    pattern: Literal["omni", "38.901"] = "omni"
    """How an element radiates; "38.901" has 8 dBi and 65 degrees of width."""

    @property
    @abstractmethod
    def places(self) -> tuple[int, int]:
        """Rows and columns of elements."""

    @property
    @abstractmethod
    def spacing(self) -> tuple[float, float]:
        """Wavelengths between rows and between columns."""

    @property
    def antennas(self) -> int:
        """The number of ports."""
        rows, columns = self.places
        return rows * columns * (2 if self.polarisation in ("vertical-horizontal", "cross") else 1)

    def built(self, carrier_hz: float) -> Any:
        """Sionna's array at a carrier frequency."""
        from semcom_channels.sionna_door import spatial

        return spatial.array(self.places, self.spacing, self.polarisation, self.pattern, carrier_hz)


class Ula(Array):
    """A horizontal uniform linear array; one element by default."""

    kind: Literal["ula"] = "ula"
    elements: Annotated[int, Field(ge=1, le=256)] = 1
    """Places along the line."""
    spacing_wavelengths: Spacing = 0.5
    """Distance between neighbours."""

    @property
    def places(self) -> tuple[int, int]:
        """One row."""
        return (1, self.elements)

    @property
    def spacing(self) -> tuple[float, float]:
        """The same in both directions."""
        return (self.spacing_wavelengths, self.spacing_wavelengths)


class Upa(Array):
    """A uniform planar array."""

    kind: Literal["upa"] = "upa"
    rows: Annotated[int, Field(ge=1, le=64)] = 2
    """Places along the vertical."""
    columns: Annotated[int, Field(ge=1, le=64)] = 2
    """Places along the horizontal."""
    row_spacing_wavelengths: Spacing = 0.5
    """Distance between rows."""
    column_spacing_wavelengths: Spacing = 0.5
    """Distance between columns."""

    @property
    def places(self) -> tuple[int, int]:
        """Rows and columns."""
        return (self.rows, self.columns)

    @property
    def spacing(self) -> tuple[float, float]:
        """Between rows and between columns."""
        return (self.row_spacing_wavelengths, self.column_spacing_wavelengths)


KINDS = (Ula, Upa)
ARRAYS = Family("semcom.arrays", KINDS)
