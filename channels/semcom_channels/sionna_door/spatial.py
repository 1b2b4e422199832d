"""The door to Sionna's channel models of 3GPP TR 38.901."""

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.sionna_door import built_once, reset, sinusoids
from semcom_channels.sionna_door.rays import UnitMeanRays
from semcom_channels.tensors import Tensor

from sionna.phy.channel.tr38901 import CDL, TDL, AntennaArray  # isort: skip
from sionna.phy.channel import exp_corr_mat  # isort: skip

if TYPE_CHECKING:
    from semcom_channels.cdl import Cdl
    from semcom_channels.tdl import Tdl

POLARISATIONS = {
    "vertical": ("single", "V"),
    "horizontal": ("single", "H"),
    "vertical-horizontal": ("dual", "VH"),
    "cross": ("dual", "cross"),
}


@built_once
def array(
    places: tuple[int, int], spacing: tuple[float, float], polarisation: str, pattern: str, carrier_hz: float
) -> Any:
    """Sionna's antenna array."""
    count, kind = POLARISATIONS[polarisation]
    return AntennaArray(*places, count, kind, pattern, carrier_hz, *spacing)


def tdl_paths(channel: "Tdl", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` and delays `[path]`."""
    reset(seed)
    gains = _tdl_draw(channel)(tf.constant(batch), times, tf.constant(rate_hz, tf.float32))
    return gains, tf.constant(tdl_profile(channel)[0], tf.float32)


@cache
def _tdl_draw(channel: "Tdl") -> Any:
    model = _tdl(channel)

    def draw(batch: Tensor, times: int, rate_hz: Tensor) -> Tensor:
        return sinusoids.gains(model, batch, times, rate_hz)

    return tf.function(draw, reduce_retracing=True)


@built_once
def _tdl(channel: "Tdl") -> Any:
    rx, tx = channel.receiver.antennas, channel.transmitter.antennas
    correlated = channel.correlation > 0.0
    return TDL(
        channel.profile,
        channel.delay_spread_s,
        channel.carrier_hz,
        min_speed=channel.speed_m_s,
        num_rx_ant=rx,
        num_tx_ant=tx,
        rx_corr_mat=exp_corr_mat(channel.correlation, rx) if correlated else None,
        tx_corr_mat=exp_corr_mat(channel.correlation, tx) if correlated else None,
    )


@built_once
def tdl_profile(channel: "Tdl") -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Delays in s and mean powers of the taps, the line of sight within the first."""
    model = _tdl(channel)
    return _floats(model.delays), _floats(model.mean_powers)


@built_once
def tdl_line_of_sight(channel: "Tdl") -> float:
    """The power of the line of sight; 0 where there is none."""
    model = _tdl(channel)
    return float(model.mean_power_los) if model.los else 0.0


def cdl_paths(channel: "Cdl", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` and delays `[path]`."""
    reset(seed)
    gains = _cdl_draw(channel)(tf.constant(batch), times, tf.constant(rate_hz, tf.float32))
    return gains, tf.constant(cdl_clusters(channel).delays, tf.float32)


@cache
def _cdl_draw(channel: "Cdl") -> Any:
    model = _cdl(channel)

    def draw(batch: Tensor, times: int, rate_hz: Tensor) -> Tensor:
        gains, _ = model(batch, times, rate_hz)
        return gains[:, 0, :, 0]

    return tf.function(draw, reduce_retracing=True)


@built_once
def _cdl(channel: "Cdl") -> Any:
    terminal, base = channel.terminal.built(channel.carrier_hz), channel.base.built(channel.carrier_hz)
    model = CDL(
        channel.profile,
        channel.delay_spread_s,
        channel.carrier_hz,
        terminal,
        base,
        channel.direction,
        min_speed=channel.speed_m_s,
    )
    ends = (terminal, base) if channel.direction == "uplink" else (base, terminal)
    model._cir_sampler = UnitMeanRays(channel.carrier_hz, *ends, subclustering=False)
    return model


class Clusters(NamedTuple):
    """What antennas hear of the clusters of a CDL on average, by rising delay."""

    delays: tuple[float, ...]
    """In s."""
    powers: tuple[float, ...]
    """Of sum 1, the line of sight within the first."""
    zeniths: np.ndarray
    """Zenith angles at the terminal in rad, `[cluster, ray]`."""
    weights: np.ndarray
    """What the terminal's elements make of each, `[cluster, ray]` of sum 1 over the rays."""
    line: tuple[float, float] | None
    """A line of sight's share of its cluster, and its zenith angle at the terminal."""


@built_once
def cdl_clusters(channel: "Cdl") -> Clusters:
    """The clusters behind a channel's antennas: the table's powers times the mean gains of elements towards the rays.

    Azimuths and zeniths are coupled at random at each end, and the ends with one another.
    """
    model = _cdl(channel)
    up = channel.direction == "uplink"
    terminal, base = ("tx", "rx") if up else ("rx", "tx")
    order = np.asarray(tf.argsort(model.delays))  # in which Sionna returns clusters
    heard, leaving = (_towards_rays(model, end)[order] for end in (terminal, base))  # [cluster, zenith ray, 2]
    ways = leaving.mean(axis=1)
    crossed = ways + ways[:, ::-1] / float(model._xpr[0, 0, 0, 0, 0])
    rays = np.sum(heard * crossed[:, None], axis=-1)
    powers = np.asarray(model._powers, np.float64)[0, 0, 0][order] * rays.mean(axis=1)
    zeniths = np.asarray(model._zod if up else model._zoa)[0, 0, 0][order]
    line = None
    if model.los:
        direct = float(model._k_factor[0, 0, 0] * model._cir_sampler.direct_power(_line(model))[0, 0, 0])
        line = (direct / (direct + powers[0]), float((model._los_zod if up else model._los_zoa)[0, 0, 0]))
        powers[0] += direct
    delays = _floats(tf.gather(model.delays, order))
    weights = rays / rays.sum(axis=1, keepdims=True)
    return Clusters(delays, _floats(powers / powers.sum()), zeniths, weights, line)


def _towards_rays(model: Any, end: str) -> np.ndarray:
    """The elements' power gains along theta and phi towards rays, averaged over azimuths, `[cluster, zenith, 2]`."""
    zeniths, azimuths = (model._zod, model._aod) if end == "tx" else (model._zoa, model._aoa)
    shape = (*zeniths.shape, azimuths.shape[-1])
    every = [tf.broadcast_to(angles, shape) for angles in (zeniths[..., None], azimuths[..., None, :])]
    grids = [tf.reshape(angles, (1, 1, 1, shape[3], -1)) for angles in every]
    turned = tf.reshape(getattr(model, f"_{end}_orientation"), [1, 1, 1, 1, 1, 3])
    powers = model._cir_sampler.element_powers(getattr(model, f"_{end}_array"), turned, *grids)
    means: np.ndarray = np.asarray(powers, np.float64).reshape(*shape[3:], 2).mean(axis=2)
    return means


def _line(model: Any) -> Any:
    """The topology that a line of sight depends on."""
    return SimpleNamespace(
        los_aoa=model._los_aoa,
        los_aod=model._los_aod,
        los_zoa=model._los_zoa,
        los_zod=model._los_zod,
        tx_orientations=model._tx_orientation[None, None],
        rx_orientations=model._rx_orientation[None, None],
    )


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in np.asarray(values))
