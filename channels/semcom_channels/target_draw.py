"""Draws of channels with point targets."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from semcom_channels import target_geometry as geometry
from semcom_channels.backend import tf
from semcom_channels.layout import Layout
from semcom_channels.normals import complex_normals
from semcom_channels.streams import Streams
from semcom_channels.target_laws import in_unit_of_link
from semcom_channels.target_realisation import Echo, TargetRealisation
from semcom_channels.target_sight import Sight, heard, seen
from semcom_channels.tensors import Tensor

if TYPE_CHECKING:
    from semcom_channels.arrays import Array
    from semcom_channels.point_targets import PointTargets
    from semcom_channels.sionna_door.ray_tracer import Traced


def link_paths(channel: "PointTargets", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` complex64 and delays after the first path of free space, `[batch, path]`."""
    there = geometry.places(channel, seed, batch)
    free = geometry.link(channel, there)
    paths = in_unit_of_link(channel, free if channel.tracing is None else _traced(channel.law, seed, batch).link)
    turned = paths.gains[..., None] * geometry.turning(paths.shifts_hz, np.arange(times) / rate_hz)
    arriving = geometry.responses(channel.receiver, paths.arrivals)
    leaving = geometry.responses(channel.transmitter, paths.departures)
    beams = (arriving[:, :, None] * leaving[:, None]).astype(np.complex64)
    gains = beams[..., None] * turned.astype(np.complex64)[:, None, None]
    delays_s = paths.delays_s - free.delays_s.min(axis=1, keepdims=True)  # walls may hide the first
    return tf.constant(gains), tf.constant(delays_s, tf.float32)


def target_realisation(
    channel: "PointTargets", carried: Any, shape: tuple[int, int], streams: Streams
) -> TargetRealisation:
    """What carries, with the truth and the echoes of the same places."""
    seed, batch = streams.number("channel"), shape[0]
    there = geometry.places(channel, seed, batch)
    sight = _constant(seen(channel, there))
    if channel.radar is None:
        return TargetRealisation(carried, sight, None)
    free = geometry.echo(channel, there)
    paths = in_unit_of_link(channel, free if channel.tracing is None else _traced(channel.law, seed, batch).echo)
    factors = _factors(channel, channel.radar, paths, carried.layout)
    noise = _noise(channel.radar, batch, carried.layout, streams)
    return TargetRealisation(carried, sight, Echo(*factors, noise, _constant(heard(channel, there))))


def _factors(
    channel: "PointTargets", radar: "Array", paths: geometry.Paths, layout: Layout
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Of echoes along paths: arriving, leaving, turning and delaying."""
    grid = channel.grid
    times_s = np.arange(layout.slots * grid.symbols) * grid.symbol_s
    return (
        _single(geometry.responses(radar, paths.arrivals) * paths.gains[:, None]),
        _single(geometry.responses(channel.transmitter, paths.departures)),
        _single(geometry.turning(paths.shifts_hz, times_s)),
        _single(np.exp(-2j * np.pi * paths.delays_s[..., None] * np.array(grid.frequencies_hz))),
    )


def _noise(radar: "Array", batch: int, layout: Layout, streams: Streams) -> Tensor:
    (apart,) = streams.sequence("noise").spawn(1)  # the link's noise is the stream's own
    return complex_normals((batch * layout.slots, radar.antennas, *layout.slot_shape), np.random.default_rng(apart))


@lru_cache(maxsize=1)
def _traced(channel: "PointTargets", seed: int, batch: int) -> "Traced":
    """Traced once for the link and the echoes, whatever the power."""
    from semcom_channels.sionna_door.ray_tracer import trace

    return trace(channel, geometry.places(channel, seed, batch))


def _constant(sight: Sight) -> Sight:
    return Sight(*(tf.constant(value) for value in sight))


def _single(values: np.ndarray) -> Tensor:
    return tf.constant(values.astype(np.complex64))
