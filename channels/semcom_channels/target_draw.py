"""Draws of channels with point targets."""

from typing import TYPE_CHECKING

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.layout import Layout
from semcom_channels.normals import complex_normals
from semcom_channels.streams import Streams
from semcom_channels.target_geometry import Paths, Places, angles, echo, link, places, responses, turning
from semcom_channels.target_realisation import Echo, Sight, TargetRealisation
from semcom_channels.tensors import Tensor

if TYPE_CHECKING:
    from semcom_channels.point_targets import PointTargets


def link_paths(channel: "PointTargets", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` complex64 and delays after the first path, `[batch, path]`."""
    paths = _on_unit_power(link(channel, places(channel, seed, batch)), None)
    turned = paths.gains[..., None] * turning(paths.shifts_hz, np.arange(times) / rate_hz)
    arriving = responses(channel.receiver, paths.arrivals)
    leaving = responses(channel.transmitter, paths.departures)
    beams = (arriving[:, :, None] * leaving[:, None]).astype(np.complex64)
    gains = beams[..., None] * turned.astype(np.complex64)[:, None, None]
    return tf.constant(gains), tf.constant(_after_first(paths.delays_s), tf.float32)


def target_realisation(
    channel: "PointTargets", carried: object, shape: tuple[int, int], streams: Streams
) -> TargetRealisation:
    """What carries, with the truth and the echoes of the same places."""
    there = places(channel, streams.number("channel"), shape[0])
    first = link(channel, there)
    kept = int(channel.line_of_sight) + sum(group.count for group in channel.targets)
    paths = _on_unit_power(first, None)
    paths = paths._replace(delays_s=_after_first(paths.delays_s))
    layout: Layout = carried.layout  # type: ignore[attr-defined]
    heard = None if channel.radar is None else _echo(channel, there, first, layout, streams)
    return TargetRealisation(carried, _sight(paths, kept), heard)  # type: ignore[arg-type]


def _echo(channel: "PointTargets", there: Places, first: Paths, layout: Layout, streams: Streams) -> Echo:
    """In the unit of the link: relative to the root of its mean power."""
    array = channel.radar
    if array is None:
        raise ValueError("a radar is needed")
    grid = channel.grid
    paths = _on_unit_power(echo(channel, there), first)
    arriving = responses(array, paths.arrivals) * paths.gains[:, None]
    leaving = responses(channel.transmitter, paths.departures)
    times = np.arange(layout.slots * grid.symbols) * grid.symbol_s
    delaying = np.exp(-2j * np.pi * paths.delays_s[..., None] * np.array(grid.frequencies_hz))
    turned = turning(paths.shifts_hz, times)
    shape = (len(arriving) * layout.slots, array.antennas, *layout.slot_shape)
    (apart,) = streams.sequence("noise").spawn(1)  # the link's noise is the stream's own
    noise = complex_normals(shape, np.random.default_rng(apart))
    truth = _sight(paths, sum(group.count for group in channel.targets))
    return Echo(_single(arriving), _single(leaving), _single(turned), _single(delaying), noise, truth)


def _single(values: np.ndarray) -> Tensor:
    return tf.constant(values.astype(np.complex64))


def _sight(paths: Paths, kept: int) -> Sight:
    azimuths, elevations = angles(paths.arrivals)
    values = (paths.delays_s, paths.shifts_hz, azimuths, elevations, paths.gains)
    return Sight(*(tf.constant(value[:, :kept]) for value in values))


def _on_unit_power(paths: Paths, reference: Paths | None) -> Paths:
    """Paths relative to the root of the mean power of a reference, or of their own."""
    powers = np.abs((reference or paths).gains) ** 2
    return paths._replace(gains=paths.gains / np.sqrt(powers.sum(axis=1, keepdims=True)))


def _after_first(delays_s: np.ndarray) -> np.ndarray:
    return np.asarray(delays_s - delays_s.min(axis=1, keepdims=True))
