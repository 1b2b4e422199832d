"""Realisations of channels with a resource grid, in the frequency and in the time domain."""

from typing import NamedTuple

import numpy as np

from semcom_channels.backend import graph, tf
from semcom_channels.layout import Layout
from semcom_channels.taps import inside, transform, window
from semcom_channels.tensors import Symbols, Tensor


class GridRealisation(NamedTuple):
    """y[k, l] = sum over streams of H[k, l] x[k, l] / sqrt(streams) + sqrt(N0) w[k, l], each element for itself.

    What it carries are slots: see `Layout.filled`.
    """

    gain: Tensor
    """H, `[batch * slots, rx, stream, symbol, subcarrier]` complex64, of unit mean power."""
    noise: Tensor
    """w, `[batch * slots, rx, symbol, subcarrier]` complex64."""
    noise_power: Tensor
    """N0, a scalar float32."""
    layout: Layout
    """Where data and pilots are."""

    @property
    def disturbance(self) -> Tensor:
        """The power of what is not H x, as perfect knowledge knows it: N0."""
        return self.noise_power

    def carry(self, symbols: Symbols) -> Tensor:
        """What the antennas see, `[batch * slots, rx, symbol, subcarrier]` complex64."""
        sent = self.layout.filled(symbols)
        heard = tf.reduce_sum(self.gain * sent[:, None], axis=2)
        amplitude = tf.sqrt(self.noise_power)
        return heard + tf.complex(amplitude, tf.zeros_like(amplitude)) * self.noise


class TimeRealisation(NamedTuple):
    """y[b] = sum over l of h[b, l] x[b - l] + sqrt(N0) w[b] for the samples of OFDM symbols with their prefixes.

    Delays beyond the cyclic prefix leak into the next symbol, and a channel that changes within a symbol leaks between
    subcarriers.
    """

    gain: Tensor
    """What a resource element makes of its own symbol, `[batch * slots, rx, stream, symbol, subcarrier]` complex64: the
    transform of the taps, averaged over the samples of the receiver's window."""
    interference: Tensor
    """The power of what comes from other elements, `[batch * slots, rx, symbol, 1]` float32: its mean over subcarriers,
    where all of them are in use."""
    noise: Tensor
    """The noise after the receiver's transform, `[batch * slots, rx, symbol, subcarrier]` complex64."""
    noise_power: Tensor
    """N0 of a resource element, a scalar float32."""
    taps: Tensor
    """h, `[batch, rx, stream, sample, tap]` complex64."""
    first_tap: int
    """The delay of the first tap in samples; it may come before the path, by the pulse's skirt."""
    layout: Layout
    """Where data and pilots are."""

    @property
    def disturbance(self) -> Tensor:
        """The power of what is not H x, as perfect knowledge knows it, `[batch * slots, rx, symbol, 1]` float32: N0
        and the interference.
        """
        return self.noise_power + self.interference

    def carry(self, symbols: Symbols) -> Tensor:
        """What the receiver's transform returns, `[batch * slots, rx, symbol, subcarrier]` complex64."""
        layout = self.layout
        slots = tf.reshape(
            layout.filled(symbols), [-1, layout.slots, layout.streams, *layout.slot_shape]
        )  # one transmission a unit
        sent = samples_of(tf.transpose(slots, [0, 2, 1, 3, 4]), layout)
        heard = symbols_of(convolved(self.taps, sent, self.first_tap), layout, -self.first_tap)
        slots = tf.transpose(heard, [0, 2, 1, 3, 4])
        amplitude = tf.sqrt(self.noise_power)
        noise = tf.complex(amplitude, tf.zeros_like(amplitude)) * self.noise
        return tf.reshape(slots, tf.shape(self.noise)) + noise


class Known(NamedTuple):
    """What perfect knowledge knows of taps; the fields are those of `TimeRealisation`."""

    gain: Tensor
    interference: Tensor


@graph
def known_of(taps: Tensor, first_tap: int, layout: Layout) -> Known:
    """The diagonal of the matrix from sent to heard elements of a symbol, and the power of the rest of their row.

    With h[n, l] at the window's N samples, H[k] = 1/N sum over n and l of h[n, l] exp(-2 pi j k l / N): the mean taps
    transformed. [Robertson & Kaiser 1999] A part of a tap that comes from the symbols before or after is no part of it.
    Where symbols are white, what is left of the power is sum over l of the mean of |h[n, l]|^2 less |mean h[n, l]|^2.
    """
    grid = layout.grid
    _, rx, streams, _, count = taps.shape
    delays = np.arange(first_tap, first_tap + count)
    begin, end = window(grid)
    times = [layout.slots, grid.symbols]
    each = tf.reshape(taps, [-1, rx, streams, *times, grid.subcarriers + grid.prefix, count])[..., begin:end, :]
    own = each * inside(grid, delays).astype(np.complex64)
    mean = tf.reduce_mean(own, axis=-2, keepdims=True)
    gain = tf.matmul(mean[..., 0, :], transform(grid, delays).astype(np.complex64))
    others = tf.square(tf.abs(own - mean)) + tf.square(tf.abs(each - own))
    power = tf.reduce_sum(others, axis=[2, -2, -1]) / (grid.subcarriers * streams)
    by_slot = tf.transpose(power, [0, 2, 1, 3])[..., None]
    return Known(
        tf.reshape(tf.transpose(gain, [0, 3, 1, 2, 4, 5]), [-1, rx, streams, *layout.slot_shape]),
        tf.reshape(by_slot, [-1, rx, grid.symbols, 1]),
    )


def samples_of(slots: Tensor, layout: Layout) -> Tensor:
    """Samples `[batch, stream, sample]` of slots `[batch, stream, slot, symbol, subcarrier]`: a unitary inverse DFT."""
    grid = layout.grid
    ones = tf.one_hot(grid.occupied, grid.subcarriers, dtype=tf.complex64)
    spread = tf.reshape(tf.matmul(tf.reshape(slots, [-1, len(grid.occupied)]), ones), [-1, grid.subcarriers])
    body = tf.signal.ifft(tf.signal.ifftshift(spread, axes=-1)) * grid.subcarriers**0.5
    whole = tf.concat([body[:, grid.subcarriers - grid.prefix :], body], axis=-1)
    return tf.reshape(whole, [-1, layout.streams, layout.slots * grid.symbols * (grid.subcarriers + grid.prefix)])


def symbols_of(samples: Tensor, layout: Layout, early: int) -> Tensor:
    """Slots `[batch, rx, slot, symbol, subcarrier]` of samples `[batch, rx, sample]`: prefixes away, a unitary DFT.

    Its window opens `early` samples before the prefix ends, so that pulses may have skirts before them; the phases are
    turned back.
    """
    grid = layout.grid
    shape = tf.shape(samples)
    early = min(early, grid.prefix)
    begin = grid.prefix - early
    apart = tf.reshape(samples, [-1, grid.subcarriers + grid.prefix])[:, begin : begin + grid.subcarriers]
    spectrum = tf.signal.fftshift(tf.signal.fft(apart), axes=-1) / grid.subcarriers**0.5
    turned = np.exp(2j * np.pi * early * np.array(grid.frequencies_hz) / grid.sample_rate_hz).astype(np.complex64)
    occupied = tf.gather(spectrum, list(grid.occupied), axis=-1) * turned
    return tf.reshape(occupied, [shape[0], shape[1], layout.slots, *layout.slot_shape])


def convolved(taps: Tensor, sent: Tensor, first_tap: int) -> Tensor:
    """What arrives at each sample, `[batch, rx, sample]`, of samples `[batch, stream, sample]`; silence around them."""
    count = int(taps.shape[-1])
    samples = tf.shape(sent)[-1]
    padded = tf.pad(sent, [[0, 0], [0, 0], [first_tap + count - 1, -first_tap]])
    heard = tf.zeros_like(taps[..., 0, :, 0])
    for tap in range(count):
        # x[b - l] with l = first_tap + tap stands at b + count - 1 - tap
        shifted = padded[:, None, :, count - 1 - tap : count - 1 - tap + samples]
        heard += tf.reduce_sum(taps[..., tap] * shifted, axis=2)
    return heard
