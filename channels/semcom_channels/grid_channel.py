"""What channels with a resource grid share: arrays, carrier and grid around a law of propagation."""

from abc import abstractmethod
from collections.abc import Hashable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from semcom_channels.arrays import ARRAYS, Array, Ula
from semcom_channels.channel import Channel, Realisation
from semcom_channels.covariance import Covariance
from semcom_channels.ofdm_grid import EARLY, OfdmGrid
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor

SPEED_OF_LIGHT_M_S = 299_792_458.0


class GridChannel(Channel):
    """A channel whose symbols ride on an OFDM grid, over one or more antennas.

    Units of more symbols than a slot holds take several slots, one after the other, while the channel changes.
    """

    grid: OfdmGrid = OfdmGrid()
    """The resource grid."""

    @property
    @abstractmethod
    def streams(self) -> int:
        """Streams that share each resource element."""

    @property
    @abstractmethod
    def receive_antennas(self) -> int:
        """Antennas of the receiver."""

    @property
    def law(self) -> Self:
        """What receivers know of it, and graphs depend on: itself, or the cell without the user."""
        return self

    def state(self) -> Hashable:
        """What tells when files that it reads have changed."""
        return None

    @abstractmethod
    def covariance(self) -> Covariance:
        """The covariance of the gain between two antennas over a slot, averaged over antenna pairs."""

    def air_uses(self, uses: int) -> int:
        """Resource elements of the slots that a unit of `uses` symbols takes: pilots and empty ones count."""
        slots = -(-uses // (len(self.grid.data_elements) * self.streams))
        return slots * self.grid.symbols * len(self.grid.occupied)


class PathChannel(GridChannel):
    """A grid channel made of paths that come from and go to arrays."""

    carrier_hz: Annotated[float, Field(ge=0.5e9, le=100e9)] = 3.5e9
    """Carrier frequency."""
    speed_m_s: Annotated[float, Field(ge=0.0, le=500.0)] = 0.0
    """Speed of the terminal; its Doppler shift is at most speed / c * carrier."""
    direction: Literal["uplink", "downlink"] = "uplink"
    """Which way the symbols go."""
    terminal: Annotated[Array, ARRAYS] = Ula()
    """The antennas of the moving end."""
    base: Annotated[Array, ARRAYS] = Ula()
    """The antennas of the base station."""
    precoding: Literal["none", "eigenbeams"] = "none"
    """"none": each transmit antenna sends a stream. "eigenbeams": streams go along the strongest eigenvectors of the
    transmit covariance of each unit, which the sender knows; the SNR is that before their gain."""
    layers: Annotated[int, Field(ge=1, le=64)] | None = None
    """Streams; null: as many as transmit antennas."""
    domain: Literal["frequency", "time"] = "frequency"
    """"frequency": each resource element sees its own gain. "time": samples pass the taps, with interference between
    symbols and between subcarriers."""

    @model_validator(mode="after")
    def _streams_fit(self) -> Self:
        sent, heard = self.transmitter.antennas, self.receiver.antennas
        if self.streams > min(sent, heard):
            raise ValueError(
                f"{self.streams} streams need as many antennas; the sender has {sent}, the receiver {heard}"
            )
        if self.precoding == "none" and self.streams != sent:
            raise ValueError(
                f"layers is {self.layers} with {sent} transmit antennas; fewer streams than antennas need "
                "precoding: eigenbeams"
            )
        if self.streams > len(self.grid.pilot_subcarriers) and self.grid.pilots.symbols:
            combs = len(self.grid.pilot_subcarriers)
            raise ValueError(f"{self.streams} streams share {combs} pilot subcarriers; lower pilots.spacing")
        return self

    @property
    def points_beams(self) -> bool:
        """Along eigenvectors."""
        return self.precoding == "eigenbeams"

    @property
    def transmitter(self) -> Array:
        """The sender's antennas."""
        return self.terminal if self.direction == "uplink" else self.base

    @property
    def receiver(self) -> Array:
        """The receiver's antennas."""
        return self.base if self.direction == "uplink" else self.terminal

    @property
    def streams(self) -> int:
        """Streams that share each resource element."""
        return self.transmitter.antennas if self.layers is None else self.layers

    @property
    def receive_antennas(self) -> int:
        """Antennas of the receiver."""
        return self.receiver.antennas

    @property
    def max_doppler_hz(self) -> float:
        """The largest Doppler shift."""
        return self.speed_m_s / SPEED_OF_LIGHT_M_S * self.carrier_hz

    @abstractmethod
    def paths(self, seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
        """Gains `[batch, rx, tx, path, time]` complex64, and delays in s, `[path]` or `[batch, path]`.

        The paths of a pair of antennas have unit mean total power. There are `times` instants, `rate_hz` a second.
        """

    @abstractmethod
    def longest_delay_s(self) -> float:
        """The delay after which a thousandth of the mean power is left."""

    def cautions(self) -> tuple[str, ...]:
        """Says when paths outlast the cyclic prefix."""
        early = min(EARLY, self.grid.prefix) if self.domain == "time" else 0
        prefix_s = (self.grid.prefix - early) / self.grid.sample_rate_hz
        longest = self.longest_delay_s()
        if longest <= prefix_s:
            return ()
        left_out = "" if self.domain == "time" else "; domain: frequency leaves their interference out"
        said = f"paths are up to {longest * 1e6:.3g} us late; the cyclic prefix covers {prefix_s * 1e6:.3g} us"
        return (said + left_out,)

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation for units of `shape = (batch, uses)`."""
        from semcom_channels.grid_draw import frequency_realisation, time_realisation

        build = frequency_realisation if self.domain == "frequency" else time_realisation
        return build(self, shape, snr_db, streams)

    def capacity(self, snr_db: float) -> float:
        """E log2 det(I + SNR H H* / tx) bits per resource element, over a sample of 2,000 gains. [Telatar 1999, eq. 8]

        The sender knows nothing of the channel and uses all of its antennas.
        """
        from semcom_channels.grid_draw import ergodic_capacity

        return ergodic_capacity(self, snr_db)
