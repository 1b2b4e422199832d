"""Gains from a file: measured ones, or those of a ray tracer such as DeepMIMO."""

import os
from collections.abc import Hashable
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from semcom_channels.channel import Realisation
from semcom_channels.covariance import Covariance
from semcom_channels.grid_channel import GridChannel
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor

EXAMPLE = Path(__file__).parent / "example_gains.npz"
Axis = Literal["snapshot", "rx", "tx", "symbol", "subcarrier"]


class Trace(GridChannel):
    """Gains at each subcarrier read from an npz or HDF5 file; each unit meets a snapshot at random.

    Gains are scaled to unit mean power over the file, so strong snapshots stay stronger than weak ones. Transmit
    antennas send a stream each. Without an axis of symbols the gains hold for the unit; with one, the slots of a unit
    all meet the same course. [DeepMIMO: Alkhateeb 2019]
    """

    kind: Literal["trace"] = "trace"
    cites: ClassVar[tuple[str, ...]] = ("alkhateeb2019",)
    grid: OfdmGrid = OfdmGrid(subcarriers=48)
    """The resource grid; its occupied subcarriers are those of the file."""
    file: str | None = None
    """The file; a relative path counts from where semcom runs. Null: an example that comes with semcom, 200 places in a
    street canyon, made of Sionna's UMi at 3.5 GHz with two receive antennas."""
    array: str = "gains"
    """The name of the array in the file, such as "gains" or "users/channel"."""
    axes: Annotated[tuple[Axis, ...], Field(min_length=1)] = ("snapshot", "rx", "tx", "subcarrier")
    """What the array's axes are; those that are not named have length 1. It is complex, or has a last axis more, of
    real and imaginary parts."""

    @model_validator(mode="after")
    def _axes_make_sense(self) -> Self:
        if len(set(self.axes)) < len(self.axes):
            raise ValueError(f"axes {self.axes} names an axis twice")
        if "snapshot" not in self.axes or "subcarrier" not in self.axes:
            raise ValueError(f"axes are {', '.join(self.axes)}; expected snapshot and subcarrier among them")
        return self

    @property
    def path(self) -> Path:
        """The file."""
        return EXAMPLE if self.file is None else Path(os.path.expanduser(self.file))  # noqa: PTH111  # of no user too

    def files(self) -> tuple[Path, ...]:
        """The file."""
        return (self.path,)

    @property
    def streams(self) -> int:
        """One for each transmit antenna of the file."""
        return self._antennas()[1]

    @property
    def receive_antennas(self) -> int:
        """Receive antennas of the file."""
        return self._antennas()[0]

    def _antennas(self) -> tuple[int, int]:
        from semcom_channels.trace_file import shape_of

        shape = shape_of(self)
        return shape[1], shape[2]

    def state(self) -> Hashable:
        """When its file was last changed."""
        from semcom_channels.trace_file import stamp_of

        return stamp_of(self.path)

    def check(self) -> str | None:
        """Whether the file can be read, has these axes, fits the grid, and is finite."""
        from semcom_channels.trace_file import complaint

        return complaint(self)

    def draw(self, shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> Realisation:
        """A realisation of random snapshots."""
        from semcom_channels.trace_draw import realisation

        return realisation(self, shape, snr_db, streams)

    def covariance(self) -> Covariance:
        """Sample means over the file, as a product of one covariance in time and one in frequency."""
        import numpy as np

        from semcom_channels.trace_file import gains_of

        gains = gains_of(self).astype(np.complex128)  # [snapshot, rx, tx, symbol, subcarrier]
        count = gains[..., 0, 0].size
        frequency = np.einsum("srtkf,srtkg->fg", gains, gains.conj()) / (count * gains.shape[3])
        if gains.shape[3] == 1:
            time = np.ones((self.grid.symbols, self.grid.symbols), complex)
        else:
            time = np.einsum("srtkf,srtlf->kl", gains, gains.conj()) / (count * gains.shape[4])
        return Covariance(time[None], frequency[None])

    def capacity(self, snr_db: float) -> float:
        """E log2 det(I + SNR H H* / tx) bits per resource element over the file. [Telatar 1999, eq. 8]"""
        import numpy as np

        from semcom_channels.information import mean_log_det
        from semcom_channels.trace_file import gains_of

        gains = np.moveaxis(gains_of(self), (1, 2), (3, 4)).reshape(-1, *self._antennas())
        return mean_log_det(gains, snr_db)
