"""The door to Sionna's channel models of 3GPP TR 38.901."""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from semcom_channels.backend import direct, tf
from semcom_channels.sionna_door import built_once, outside_graphs, reset, sinusoids
from semcom_channels.sionna_door.rays import UnitMeanRays
from semcom_channels.tensors import Tensor

from sionna.phy import PI, SPEED_OF_LIGHT  # isort: skip
from sionna.phy.channel.tr38901 import CDL, TDL, AntennaArray  # isort: skip
from sionna.phy.channel import exp_corr_mat  # isort: skip

if TYPE_CHECKING:
    from semcom_channels.arrays import Array
    from semcom_channels.cdl import Cdl
    from semcom_channels.grid_channel import PathChannel
    from semcom_channels.tdl import Tdl

SOME_CARRIER_HZ = 1e9  # of models before their numbers take its place
POLARISATIONS = {
    "vertical": ("single", "V"),
    "horizontal": ("single", "H"),
    "vertical-horizontal": ("dual", "VH"),
    "cross": ("dual", "cross"),
}


class Elements(NamedTuple):
    """What graphs depend on of an array: its elements, and not the distances between them."""

    places: tuple[int, int]
    polarisation: str
    pattern: str


class Ends(NamedTuple):
    """What numbers of the arrays and the carrier enter graphs; tensors."""

    wavelength_m: Tensor
    terminal: Tensor
    """Where antennas stand, `[antenna, 3]` in m."""
    base: Tensor


@built_once
def array(
    places: tuple[int, int], spacing: tuple[float, float], polarisation: str, pattern: str, carrier_hz: float
) -> Any:
    """Sionna's antenna array."""
    count, kind = POLARISATIONS[polarisation]
    return AntennaArray(*places, count, kind, pattern, carrier_hz, *spacing)


def elements_of(part: "Array") -> Elements:
    """What graphs depend on of an array."""
    return Elements(part.places, part.polarisation, part.pattern)


def some_array(elements: Elements) -> Any:
    """An array of these elements, somewhere and at some carrier: see `placed`."""
    return array(elements.places, (0.5, 0.5), elements.polarisation, elements.pattern, SOME_CARRIER_HZ)


def ends_of(channel: "PathChannel") -> Ends:
    """The numbers of a channel's arrays and carrier."""
    wavelength = tf.constant(SPEED_OF_LIGHT / channel.carrier_hz, tf.float32)
    terminal, base = (end.built(channel.carrier_hz) for end in (channel.terminal, channel.base))
    return Ends(wavelength, terminal.ant_pos, base.ant_pos)


def placed(direction: str, ends: tuple[Elements, Elements], numbers: Ends, subclustering: bool) -> UnitMeanRays:
    """The generator of gains between a terminal and a base station whose numbers may be tensors of a graph."""
    arrays = [some_array(elements) for elements in ends]
    at = [numbers.terminal, numbers.base]
    if direction == "downlink":
        arrays, at = arrays[::-1], at[::-1]
    return _rays(arrays[0], arrays[1], subclustering).with_numbers(numbers.wavelength_m, *at)


@outside_graphs
def _rays(sender: Any, receiver: Any, subclustering: bool) -> UnitMeanRays:
    return UnitMeanRays(SOME_CARRIER_HZ, sender, receiver, subclustering=subclustering)


class TdlNumbers(NamedTuple):
    """What numbers of a TDL enter its graph; tensors."""

    doppler: Tensor
    """The largest Doppler shift in rad/s."""
    roots: tuple[Tensor, ...]
    """Square roots of the correlations of the receiver's and the sender's antennas; none where they are independent."""


def tdl_paths(channel: "Tdl", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` and delays `[path]`."""
    reset(seed)
    antennas = (channel.receiver.antennas, channel.transmitter.antennas)
    speed, carrier = (tf.constant(number, tf.float32) for number in (channel.speed_m_s, channel.carrier_hz))
    roots = tuple(_root(channel.correlation, count) for count in antennas) if channel.correlation > 0.0 else ()
    numbers = TdlNumbers(2.0 * PI * speed / SPEED_OF_LIGHT * carrier, roots)
    rate = tf.constant(rate_hz, tf.float32)
    (gains,) = direct(_tdl_draw)(channel.profile, antennas, tf.constant(batch), times, rate, numbers)
    return gains, tf.constant(tdl_profile(channel)[0], tf.float32)


def _tdl_draw(
    profile: str, antennas: tuple[int, int], batch: Tensor, times: int, rate_hz: Tensor, numbers: TdlNumbers
) -> Tensor:
    return sinusoids.gains(_tdl(profile), antennas, numbers, batch, times, rate_hz)


@built_once
def _root(correlation: float, antennas: int) -> Tensor:
    return tf.linalg.cholesky(exp_corr_mat(correlation, antennas))


@built_once
def _tdl(profile: str) -> Any:
    """Sionna's table of a profile, for a delay spread of 1 s."""
    return TDL(profile, 1.0, SOME_CARRIER_HZ)


def tdl_profile(channel: "Tdl") -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Delays in s and mean powers of the taps, the line of sight within the first."""
    model = _tdl(channel.profile)
    return _floats(model.delays * channel.delay_spread_s), _floats(model.mean_powers)


def tdl_line_of_sight(channel: "Tdl") -> float:
    """The power of the line of sight; 0 where there is none."""
    model = _tdl(channel.profile)
    return float(model.mean_power_los) if model.los else 0.0


class CdlShape(NamedTuple):
    """What the graph of a CDL depends on."""

    profile: str
    direction: str
    terminal: Elements
    base: Elements


class CdlNumbers(NamedTuple):
    """What numbers of a CDL enter its graph; tensors."""

    delay_spread_s: Tensor
    speed_m_s: Tensor
    ends: Ends


def cdl_paths(channel: "Cdl", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` and delays `[path]`."""
    reset(seed)
    rate = tf.constant(rate_hz, tf.float32)
    (gains,) = direct(_cdl_draw)(_shape(channel), tf.constant(batch), times, rate, _numbers(channel))
    return gains, tf.constant(cdl_clusters(channel).delays, tf.float32)


def _cdl_draw(shape: CdlShape, batch: Tensor, times: int, rate_hz: Tensor, numbers: CdlNumbers) -> Tensor:
    gains, _ = _cdl(shape, numbers)(batch, times, rate_hz)
    return gains[:, 0, :, 0]


def _shape(channel: "Cdl") -> CdlShape:
    return CdlShape(channel.profile, channel.direction, elements_of(channel.terminal), elements_of(channel.base))


def _numbers(channel: "Cdl") -> CdlNumbers:
    spread, speed = (tf.constant(number, tf.float32) for number in (channel.delay_spread_s, channel.speed_m_s))
    return CdlNumbers(spread, speed, ends_of(channel))


def _cdl(shape: CdlShape, numbers: CdlNumbers) -> Any:
    """Sionna's model of a CDL whose numbers may be tensors of a graph: nothing else holds it."""
    model = _some_cdl(shape)
    model._delay_spread = numbers.delay_spread_s
    model._min_speed = model._max_speed = numbers.speed_m_s
    model._cir_sampler = placed(shape.direction, (shape.terminal, shape.base), numbers.ends, subclustering=False)
    return model


@outside_graphs
def _some_cdl(shape: CdlShape) -> Any:
    return CDL(shape.profile, 1.0, SOME_CARRIER_HZ, some_array(shape.terminal), some_array(shape.base), shape.direction)


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


def cdl_clusters(channel: "Cdl") -> Clusters:
    """The clusters behind a channel's antennas: the table's powers times the mean gains of elements towards the rays.

    Azimuths and zeniths are coupled at random at each end, and the ends with one another.
    """
    return _clusters(_shape(channel), channel.delay_spread_s)


@built_once
def _clusters(shape: CdlShape, delay_spread_s: float) -> Clusters:
    model = _some_cdl(shape)
    model.delay_spread = tf.constant(delay_spread_s, tf.float32)
    model._cir_sampler = _rays(model._tx_array, model._rx_array, subclustering=False)
    up = shape.direction == "uplink"
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
