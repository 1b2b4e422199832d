"""Tapped delay lines."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom_channels.covariance import Covariance
from semcom_channels.grid_channel import PathChannel
from semcom_channels.tensors import Tensor


class Tdl(PathChannel):
    """The tapped delay lines TDL-A to TDL-E: taps of Jakes' spectrum, the first of D and E with a line of sight.
    [3GPP TR 38.901, section 7.7.2]

    Antennas of an array fade independently, or with an exponential correlation, around one line of sight; where they
    stand does not matter.
    """

    kind: Literal["tdl"] = "tdl"
    cites: ClassVar[tuple[str, ...]] = ("tr38901", "sionna")
    profile: Literal["A", "B", "C", "D", "E"] = "C"
    """Which of the tables."""
    delay_spread_s: Annotated[float, Field(ge=0.0, le=1e-5)] = 100e-9
    """RMS delay spread that the table is scaled to."""
    correlation: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.0
    """Correlation r of scattered paths at neighbouring antennas of each end; r^|i - j| at others. [Loyka 2001]"""

    def paths(self, seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
        """Sums of sinusoids, 20 a tap. [Xiao, Zheng, Beaulieu 2006]"""
        from semcom_channels.sionna_door import spatial

        return spatial.tdl_paths(self, seed, batch, times, rate_hz)

    def longest_delay_s(self) -> float:
        """The delay after which a thousandth of the mean power is left."""
        from semcom_channels.path_law import longest_delay_s

        return longest_delay_s(*self._profile())

    def covariance(self) -> Covariance:
        """J0 for each tap, and the line of sight's turning beside it."""
        import numpy as np

        from semcom_channels.path_law import covariance, jakes

        delays, powers = self._profile()
        from semcom_channels.sionna_door import spatial

        line = spatial.tdl_line_of_sight(self)
        times = np.arange(self.grid.symbols) * self.grid.symbol_s
        correlations = np.repeat(jakes(self.max_doppler_hz, times)[None], len(delays), axis=0).astype(complex)
        if line > 0.0:
            turning = np.exp(2j * np.pi * self.max_doppler_hz * math.cos(math.pi / 4.0) * times)
            correlations[0] = (line * turning + (powers[0] - line) * correlations[0]) / powers[0]
        return covariance(self, delays, powers, correlations)

    def _profile(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        from semcom_channels.sionna_door import spatial

        return spatial.tdl_profile(self)
