"""A few reflectors before a base station."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from semcom_channels.arrays import ARRAYS, Array
from semcom_channels.budget_channel import BudgetChannel
from semcom_channels.channel import Realisation
from semcom_channels.covariance import Covariance
from semcom_channels.grid_channel import SPEED_OF_LIGHT_M_S
from semcom_channels.link_budget import LinkBudget
from semcom_channels.ray_tracing import RayTracing
from semcom_channels.reflectors import Reflectors, ends
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor


class PointTargets(BudgetChannel):
    """A line of sight and what a few reflectors return, to the receiver and to the base station itself.

        base station -> line of sight, reflectors -> terminal       carry(symbols)
        base station -> reflectors -> the base station's radar      echoes(symbols)

    Powers are those of free space, (wavelength / 4 pi d)^2, and of the radar equation, wavelength^2 rcs / ((4 pi)^3
    R1^2 R2^2); phases are uniform. [Skolnik 2008, section 1.2] Gains to the receiver have unit mean power over draws of
    places and phases, and echoes are in the same unit. The terminal moves towards the base station and looks at it; its
    clock starts with the first path. Delays stay as they are during a unit, and each resource element of an echo is
    heard for itself in either domain.
    """

    kind: Literal["point_targets"] = "point_targets"
    cites: ClassVar[tuple[str, ...]] = ("skolnik2008",)
    direction: Literal["uplink", "downlink"] = "downlink"
    """Which way the symbols go."""
    targets: tuple[Reflectors, ...] = (
        Reflectors(count=3, range_m=(30.0, 150.0), speed_m_s=(-20.0, 20.0), azimuth_deg=(-50.0, 50.0)),
    )
    """What sensing looks for."""
    clutter: tuple[Reflectors, ...] = ()
    """What is there besides; sensing hears it and nobody looks for it."""
    line_of_sight: bool = True
    """Whether the terminal sees the base station."""
    terminal_range_m: Annotated[float, Field(gt=0.0, le=1e7)] = 100.0
    """Distance from the base station to the terminal."""
    terminal_azimuth_deg: Annotated[float, Field(ge=-90.0, le=90.0)] = 20.0
    """Azimuth of the terminal, seen from the base station."""
    terminal_elevation_deg: Annotated[float, Field(gt=-90.0, lt=90.0)] = 0.0
    """Elevation of the terminal, seen from the base station."""
    radar: Annotated[Array, ARRAYS] | None = None
    """The antennas with which the base station hears echoes, at the place of those that send; null: none."""
    budget: LinkBudget | None = None
    """Tells the SNR from the paths to the receiver; null: the sweep gives it. The radar has the same noise figure."""
    tracing: RayTracing | None = None
    """Finds paths by rays in a scene, with the extra rt; null: free space and the radar equation."""

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if not (self.line_of_sight or self.targets or self.clutter):
            raise ValueError("there is no path: no line of sight, no targets and no clutter")
        for name in ("terminal", "base", "radar"):
            array: Array | None = getattr(self, name)
            if array is not None and (array.pattern, array.polarisation) not in (
                ("omni", "vertical"),
                ("omni", "horizontal"),
            ):
                raise ValueError(f"{name} has {array.pattern} elements, {array.polarisation}; expected omni, vertical")
        if self.radar is not None and self.direction == "uplink":
            raise ValueError("radar hears what the base station sends; give direction: downlink")
        if self.radar is not None and self.precoding != "none":
            raise ValueError("radar hears what antennas send; give precoding: none")
        if self.tracing is not None and self.tracing.reflections and self.domain == "time":
            raise ValueError("taps do not reach the paths that reflections add; give domain: frequency")
        return self

    def check(self) -> str | None:
        """Whether the machine can trace rays, where they are asked for."""
        return None if self.tracing is None else self.tracing.missing()

    @property
    def wavelength_m(self) -> float:
        """Of the carrier."""
        return SPEED_OF_LIGHT_M_S / self.carrier_hz

    @property
    def law(self) -> Self:
        """All but the link budget."""
        return self.model_copy(update={"budget": None})

    def gain_db(self) -> float:
        """Of all paths to the receiver together, averaged over draws of the places."""
        from semcom_channels.target_laws import mean_power
        from semcom_channels.units import decibels

        return decibels(mean_power(self))

    def paths(self, seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
        """The line of sight, if there is one, and a path for each reflector, with their own delays in each unit."""
        from semcom_channels.target_draw import link_paths

        return link_paths(self, seed, batch, times, rate_hz)

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation that carries symbols, and returns echoes where there is a radar."""
        from semcom_channels.target_draw import target_realisation

        return target_realisation(self, super().draw(shape, snr_db, streams), shape, streams)

    def longest_delay_s(self) -> float:
        """The delay after which a thousandth of the mean power is left, on the way to the receiver."""
        from semcom_channels.target_laws import longest_delay_s

        return longest_delay_s(self)

    def covariance(self) -> Covariance:
        """Of a sample of draws, as a product of one covariance in time and one in frequency."""
        from semcom_channels.target_laws import covariance

        return covariance(self)

    def cautions(self) -> tuple[str, ...]:
        """Says when paths or echoes outlast the cyclic prefix, and what is not known of a traced scene."""
        said = super().cautions()
        if self.tracing is not None and self.tracing.reflections:
            said = (*said, "walls return paths that cautions and the filters of receivers do not count")
        everything = (*self.targets, *self.clutter)
        if self.radar is None or not everything:
            return said
        latest_s = 2.0 * max(ends(group.range_m)[1] for group in everything) / SPEED_OF_LIGHT_M_S
        prefix_s = self.grid.prefix / self.grid.sample_rate_hz
        if latest_s <= prefix_s:
            return said
        late = f"echoes are up to {latest_s * 1e6:.3g} us late; the cyclic prefix covers {prefix_s * 1e6:.3g} us; "
        return (*said, late + "their interference is left out")
