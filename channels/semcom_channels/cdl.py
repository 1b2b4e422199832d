"""Clustered delay lines."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from semcom_channels.covariance import Covariance
from semcom_channels.grid_channel import PathChannel
from semcom_channels.tensors import Tensor


class Cdl(PathChannel):
    """The clustered delay lines CDL-A to CDL-E: clusters of 20 rays with angles at both ends. [3GPP TR 38.901, 7.7.1]

    The terminal moves at its speed in a random direction, which each unit draws anew. The base station looks along x,
    and the terminal back at it.
    """

    kind: Literal["cdl"] = "cdl"
    cites: ClassVar[tuple[str, ...]] = ("tr38901", "sionna")
    profile: Literal["A", "B", "C", "D", "E"] = "C"
    """Which of the tables."""
    delay_spread_s: Annotated[float, Field(ge=0.0, le=1e-5)] = 100e-9
    """RMS delay spread that the table is scaled to."""

    def paths(self, seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
        """Sums of rays with random phases and random coupling of their angles."""
        from semcom_channels.sionna_door import spatial

        return spatial.cdl_paths(self, seed, batch, times, rate_hz)

    def longest_delay_s(self) -> float:
        """The delay after which a thousandth of the mean power is left."""
        from semcom_channels.path_law import longest_delay_s
        from semcom_channels.sionna_door import spatial

        clusters = spatial.cdl_clusters(self)
        return longest_delay_s(clusters.delays, clusters.powers)

    def covariance(self) -> Covariance:
        """For each cluster the mean turning of its rays over the directions of the speed."""
        import numpy as np

        from semcom_channels.path_law import covariance, turning
        from semcom_channels.sionna_door import spatial

        clusters = spatial.cdl_clusters(self)
        lags = np.arange(self.grid.symbols) * self.grid.symbol_s
        correlations = turning(self.max_doppler_hz, lags, clusters.zeniths, clusters.weights)
        if clusters.line is not None:
            share, zenith = clusters.line
            specular = turning(self.max_doppler_hz, lags, np.array([[zenith]]), np.ones((1, 1)))[0]
            correlations[0] = share * specular + (1.0 - share) * correlations[0]
        return covariance(self, clusters.delays, clusters.powers, correlations)
