"""Realisations of channels with point targets: they carry symbols and return echoes."""

from typing import NamedTuple

from semcom_channels.backend import tf
from semcom_channels.grid_realisation import GridRealisation, TimeRealisation
from semcom_channels.layout import Layout
from semcom_channels.target_sight import Sight
from semcom_channels.tensors import Symbols, Tensor


class Echo(NamedTuple):
    """What the radar hears, factor by factor; all reflectors count."""

    arriving: Tensor
    """Gains at the radar's antennas, `[batch, antenna, path]` complex64."""
    leaving: Tensor
    """Phases at the sender's antennas, `[batch, stream, path]` complex64."""
    turning: Tensor
    """`[batch, path, slots * symbol]` complex64."""
    delaying: Tensor
    """`[batch, path, subcarrier]` complex64."""
    noise: Tensor
    """Unit noise, `[batch * slots, antenna, symbol, subcarrier]` complex64."""
    truth: Sight
    """Targets without clutter; delays are from sending to hearing."""


class TargetRealisation(NamedTuple):
    """A grid's realisation with echoes of what is sent, in the same unit of power and with the same N0."""

    link: GridRealisation | TimeRealisation
    """The way to the receiver."""
    seen: Sight
    """The paths that the receiver hears, the line of sight among them, and no clutter; delays are after the first."""
    echo: Echo | None
    """The way back; None without a radar."""

    @property
    def gain(self) -> Tensor:
        """The link's, `[batch * slots, rx, stream, symbol, subcarrier]` complex64, of unit mean power."""
        return self.link.gain

    @property
    def noise_power(self) -> Tensor:
        """N0, a scalar float32: at each antenna of the receiver and of the radar."""
        return self.link.noise_power

    @property
    def disturbance(self) -> Tensor:
        """The link's: the power of what is not H x, as perfect knowledge knows it."""
        return self.link.disturbance

    @property
    def layout(self) -> Layout:
        """Where data and pilots are."""
        return self.link.layout

    def carry(self, symbols: Symbols) -> Tensor:
        """What the receiver's antennas see, `[batch * slots, rx, symbol, subcarrier]` complex64."""
        return self.link.carry(symbols)

    def echoes(self, symbols: Symbols) -> Tensor:
        """What the radar's antennas see of the same frame, `[batch * slots, antenna, symbol, subcarrier]` complex64.

        ValueError without a radar.
        """
        sent = self.layout.filled(symbols)
        heard = tf.reduce_sum(self.echo_gain() * sent[:, None], axis=2)
        amplitude = tf.sqrt(self.noise_power)
        return heard + tf.complex(amplitude, tf.zeros_like(amplitude)) * self.echoed().noise

    def echo_gain(self) -> Tensor:
        """H[k, l] = sum over paths of gain exp(2 pi j shift t_k) exp(-2 pi j f_l delay), with the phases of antennas.

        `[batch * slots, antenna, stream, symbol, subcarrier]` complex64; ValueError without a radar.
        """
        echo, layout = self.echoed(), self.layout
        batch, _, times = echo.turning.shape
        symbols = times // layout.slots
        beams = echo.arriving[:, :, None] * echo.leaving[:, None]  # [batch, antenna, stream, path]
        turned = tf.reshape(echo.turning, [batch, -1, layout.slots, symbols])
        rows = tf.einsum("brsp,bpqk->bqrskp", beams, turned)
        shape = [-1, echo.arriving.shape[1], echo.leaving.shape[1], *layout.slot_shape]
        flat = tf.reshape(rows, [batch, -1, echo.delaying.shape[1]])
        return tf.reshape(tf.matmul(flat, echo.delaying), shape)

    def echoed(self) -> Echo:
        """The way back; ValueError without a radar."""
        if self.echo is None:
            raise ValueError("there are no echoes without antennas that hear them; give the channel a radar")
        return self.echo
