"""Draws of channels made of paths: from gains and delays to what each resource element or sample sees."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from semcom_channels.backend import graph, tf
from semcom_channels.grid_realisation import GridRealisation, TimeRealisation, known_of
from semcom_channels.information import mean_log_det
from semcom_channels.layout import Layout, layout_of
from semcom_channels.normals import complex_normals
from semcom_channels.ofdm_grid import EARLY
from semcom_channels.streams import Streams
from semcom_channels.taps import FIRST_TAP, last_tap
from semcom_channels.tensors import Tensor

if TYPE_CHECKING:
    from semcom_channels.grid_channel import PathChannel

SAMPLED_GAINS = 2000


def frequency_realisation(
    channel: "PathChannel", shape: tuple[int, int], snr_db: Tensor, streams: Streams
) -> GridRealisation:
    """Gains at each resource element, constant during an OFDM symbol."""
    batch, uses = shape
    layout = layout_of(channel, uses)
    times = layout.slots * channel.grid.symbols
    gains, delays = channel.paths(streams.number("channel"), batch, times, 1.0 / channel.grid.symbol_s)
    response = frequency_response(gains, delays, _frequencies(channel), layout.slots)
    if channel.precoding == "eigenbeams":
        response = _on_beams(response, _eigenbeams(response, layout), layout)
    noise = noise_of(layout, channel.receive_antennas, batch, streams)
    return GridRealisation(response, noise, noise_power(snr_db), layout)


def time_realisation(
    channel: "PathChannel", shape: tuple[int, int], snr_db: Tensor, streams: Streams
) -> TimeRealisation:
    """Taps at each sample, and what perfect knowledge knows of them: their gains and their interference."""
    batch, uses = shape
    layout = layout_of(channel, uses)
    grid = channel.grid
    samples = layout.slots * grid.symbols * (grid.subcarriers + grid.prefix)
    gains, delays = channel.paths(streams.number("channel"), batch, samples, grid.sample_rate_hz)
    last = last_tap(channel)
    gains = _within(gains, delays, tf.constant((last - EARLY) / grid.sample_rate_hz, tf.float32))
    taps = _taps(gains, delays, tf.constant(grid.sample_rate_hz, tf.float32), last)
    if channel.precoding == "eigenbeams":
        beams = _eigenbeams(known_of(taps, FIRST_TAP, layout).gain, layout)
        taps = tf.einsum("brtsl,btk->brksl", taps, beams)
    noise = noise_of(layout, channel.receive_antennas, batch, streams)
    known = known_of(taps, FIRST_TAP, layout)
    return TimeRealisation(*known, noise, noise_power(snr_db), taps, FIRST_TAP, layout)


def noise_power(snr_db: Tensor) -> Tensor:
    """N0 at an antenna where the mean power is 1."""
    return tf.pow(10.0, -tf.cast(snr_db, tf.float32) / 10.0)


@graph
def frequency_response(gains: Tensor, delays: Tensor, frequencies: Tensor, slots: int) -> Tensor:
    """H(f, t) = sum over p of a_p(t) exp(-2 pi j f tau_p), `[batch * slots, rx, tx, symbol, subcarrier]` complex64.

    For gains `[batch, rx, tx, path, time]` and delays `[path]`, where they are shared, or `[batch, path]`: one matrix
    product, or one for each unit.
    """
    phases = -2.0 * np.pi * delays[..., None] * frequencies
    turns = tf.complex(tf.cos(phases), tf.sin(phases))  # [path, subcarrier] or [batch, path, subcarrier]
    _, rx, tx, paths, times = gains.shape
    apart = tf.reshape(gains, [-1, rx, tx, paths, slots, times // slots])
    rows = tf.transpose(apart, [0, 4, 1, 2, 5, 3])  # [batch, slot, rx, tx, symbol, path]
    shape = [-1, rx, tx, times // slots, frequencies.shape[0]]
    if delays.shape.rank == 1:
        return tf.reshape(tf.matmul(tf.reshape(rows, [-1, paths]), turns), shape)
    each = tf.reshape(rows, [-1, slots * rx * tx * (times // slots), paths])
    return tf.reshape(tf.matmul(each, turns), shape)


@graph
def _taps(gains: Tensor, delays: Tensor, rate_hz: Tensor, last: int) -> Tensor:
    """h[b, l] = sum over p of a_p(b) sinc(l - tau_p rate), `[batch, rx, tx, sample, tap]`, for sinc pulses."""
    taps = tf.range(FIRST_TAP, last + 1, dtype=tf.float32)
    pulses = tf.experimental.numpy.sinc(taps - delays[..., None] * rate_hz)  # [path, tap] or [batch, path, tap]
    pulses = tf.complex(pulses, tf.zeros_like(pulses))
    if delays.shape.rank == 1:
        return tf.einsum("brtpn,pl->brtnl", gains, pulses)
    return tf.einsum("brtpn,bpl->brtnl", gains, pulses)


@graph
def _within(gains: Tensor, delays: Tensor, longest_s: Tensor) -> Tensor:
    """Gains without the paths that the taps do not reach, which hold a thousandth of the mean power."""
    kept = tf.cast(delays <= longest_s, tf.float32)
    kept = kept[:, None] if delays.shape.rank == 1 else kept[:, None, None, :, None]
    return gains * tf.complex(kept, 0.0)


@lru_cache(maxsize=16)
def _constant(values: tuple[float, ...]) -> Tensor:
    return tf.constant(values, tf.float32)


def _frequencies(channel: "PathChannel") -> Tensor:
    return _constant(channel.grid.frequencies_hz)


def noise_of(layout: Layout, antennas: int, batch: int, streams: Streams) -> Tensor:
    """Unit noise at each antenna and resource element, `[batch * slots, rx, symbol, subcarrier]` complex64."""
    shape = (batch * layout.slots, antennas, *layout.slot_shape)
    return complex_normals(shape, streams.rng("noise"))


@graph
def _eigenbeams(response: Tensor, layout: Layout) -> Tensor:
    """The strongest eigenvectors of the transmit covariance of each unit, `[batch, tx, stream]`."""
    _, rx, tx, symbols, subcarriers = response.shape
    unit = tf.reshape(response, [-1, layout.slots, rx, tx, symbols * subcarriers])
    covariance = tf.einsum("bqrtn,bqrun->btu", tf.math.conj(unit), unit)
    _, vectors = tf.linalg.eigh(covariance)
    return tf.reverse(vectors, [-1])[..., : layout.streams]


@graph
def _on_beams(response: Tensor, beams: Tensor, layout: Layout) -> Tensor:
    return tf.einsum("nrtkl,nts->nrskl", response, tf.repeat(beams, layout.slots, axis=0))


def ergodic_capacity(channel: "PathChannel", snr_db: float) -> float:
    """E log2 det(I + SNR H H* / tx) over a sample of gains."""
    return mean_log_det(_sample(channel), snr_db)


@lru_cache(maxsize=4)
def _sample(channel: "PathChannel") -> np.ndarray:
    """Gains `[sample, rx, tx]` of independent units at the lowest subcarrier."""
    gains, delays = channel.paths(0, SAMPLED_GAINS, 1, 1.0)
    first = tf.constant(channel.grid.frequencies_hz[:1], tf.float32)
    return np.asarray(frequency_response(gains, delays, first, 1))[..., 0, 0].astype(np.complex128)
