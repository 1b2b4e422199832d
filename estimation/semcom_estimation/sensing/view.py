"""The field of view of a sensor in ranges and speeds, and the model of what it measures over a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom_channels.arrays import Array
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.spec import Spec
from semcom_estimation.sensing.modes import Delay, Doppler, Interval, Mode, Sine, modes_of_array
from semcom_estimation.sensing.signal_model import SPEED_OF_LIGHT_M_S, SignalModel

if TYPE_CHECKING:
    from semcom_estimation.sensing.pattern import Pattern

EARLY_BINS = 2.0  # by which a view opens before a line of sight


class View(Spec):
    """Where targets can be; estimators look nowhere else."""

    range_m: Interval | None = None
    """Between which ranges; null: all that the subcarriers tell apart, from 0 on. Where ranges count from a line of
    sight, from two resolution bins before it."""
    speed_m_s: Interval | None = None
    """Between which speeds towards the array; null: all that the symbols tell apart, half of them to each side."""
    azimuth_deg: Interval = (-90.0, 90.0)
    """Between which azimuths."""
    elevation_deg: Interval = (-90.0, 90.0)
    """Between which elevations."""

    def model(
        self,
        grid: OfdmGrid,
        pattern: Pattern,
        array: Array,
        carrier_hz: float,
        geometry: Literal["monostatic", "bistatic"],
    ) -> SignalModel:
        """Angles of the array, then delay and Doppler shift over the used elements; an axis of one sample has no mode.

        ValueError for a view wider than what the steps of the used elements tell apart.
        """
        ways = 2.0 if geometry == "monostatic" else 1.0
        modes: list[Mode] = [self._seen(mode) for mode in modes_of_array(array)]
        spacing, symbols = pattern.subcarriers, pattern.symbols
        if spacing.number > 1:
            spacing_hz = spacing.step * grid.subcarrier_spacing_hz
            delays = _scaled(self.range_m, ways / SPEED_OF_LIGHT_M_S)
            if delays is None and geometry == "bistatic":
                before = min(EARLY_BINS / spacing.number, 0.5)
                delays = (-before / spacing_hz, (1.0 - before) / spacing_hz)
            modes.append(Delay(length=spacing.number, spacing_hz=spacing_hz, view_s=delays))
        if symbols.number > 1:
            shifts = _scaled(self.speed_m_s, ways * carrier_hz / SPEED_OF_LIGHT_M_S)
            modes.append(Doppler(length=symbols.number, symbol_s=symbols.step * grid.symbol_s, view_hz=shifts))
        return SignalModel(modes=tuple(modes), carrier_hz=carrier_hz, geometry=geometry)

    def _seen(self, mode: Mode) -> Mode:
        angles = self.azimuth_deg if mode.kind == "azimuth" else self.elevation_deg
        return type(mode)(**{**dict(mode), "view_deg": angles}) if isinstance(mode, Sine) else mode


def _scaled(interval: Interval | None, factor: float) -> Interval | None:
    return None if interval is None else (interval[0] * factor, interval[1] * factor)
