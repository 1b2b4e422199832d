"""The door to Sionna's channel models of 3GPP TR 38.901."""

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.sionna_door import built_once, reset
from semcom_channels.sionna_door.rays import UnitMeanRays
from semcom_channels.tensors import Tensor

from sionna.phy import config  # isort: skip
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
    line = tdl_line_of_sight(channel) if channel.correlation > 0.0 else 0.0
    if line > 0.0:  # Sionna's would pass the correlations of the scattering, and gain power
        model = _tdl_model(channel)
        model._los_power = tf.zeros_like(model._los_power)

    def draw(batch: Tensor, times: int, rate_hz: Tensor) -> Tensor:
        gains, _ = model(batch, times, rate_hz)
        gains = gains[:, 0, :, 0]
        if line == 0.0:
            return gains
        direct = math.sqrt(line) * _line_of_sight(channel, batch, tf.range(times, dtype=tf.float32) / rate_hz)
        return tf.concat([gains[..., :1, :] + direct, gains[..., 1:, :]], axis=-2)

    return tf.function(draw, reduce_retracing=True)


def _line_of_sight(channel: "Tdl", batch: Tensor, times: Tensor) -> Tensor:
    """exp(2 pi j f_D cos(pi/4) t) with a random phase, the same at all antennas, `[batch, 1, 1, 1, time]`."""
    start = config.tf_rng.uniform([batch, 1, 1, 1, 1], -math.pi, math.pi)
    phase = 2.0 * math.pi * channel.max_doppler_hz * math.cos(math.pi / 4.0) * times + start
    return tf.complex(tf.cos(phase), tf.sin(phase))


@built_once
def _tdl(channel: "Tdl") -> Any:
    return _tdl_model(channel)


def _tdl_model(channel: "Tdl") -> Any:
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
    return gains, tf.constant(cdl_profile(channel)[0], tf.float32)


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


@built_once
def cdl_profile(channel: "Cdl") -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Delays in s, rising, and mean powers of the clusters; the line of sight is within the first."""
    model = _cdl(channel)
    order = _by_delay(model)
    return _floats(tf.gather(model.delays, order)), _floats(tf.gather(model.powers, order))


def _by_delay(model: Any) -> Tensor:
    """The order that Sionna returns clusters in."""
    return tf.argsort(model.delays)


@built_once
def cdl_zeniths(channel: "Cdl") -> tuple[np.ndarray, tuple[float, float] | None]:
    """Zenith angles at the terminal in rad, `[cluster, ray]`; a line of sight's share of its cluster and its angle."""
    model = _cdl(channel)
    sends = channel.direction == "uplink"
    zeniths = np.asarray(model._zod if sends else model._zoa)[0, 0, 0][_by_delay(model)]
    if not model.los:
        return zeniths, None
    line = float(model.k_factor)
    return zeniths, (line / (line + 1.0), float((model._los_zod if sends else model._los_zoa)[0, 0, 0]))


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in np.asarray(values))
