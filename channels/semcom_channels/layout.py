"""How source units lie on the slots of a resource grid."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.tensors import Symbols, Tensor

if TYPE_CHECKING:
    import numpy as np

    from semcom_channels.grid_channel import GridChannel


@dataclass(frozen=True)
class Layout:
    """Units of `uses` symbols on a grid: layers first, then subcarriers, then time. [3GPP TS 38.211, 7.3.1.3]

    Graphs hold it as a constant, so nothing of a channel's law is in it.
    """

    grid: OfdmGrid
    """The slot."""
    streams: int
    """Streams that share each resource element."""
    uses: int

    @cached_property
    def slots(self) -> int:
        """Slots that a unit takes, one after the other."""
        return -(-self.uses // (len(self.grid.data_elements) * self.streams))

    @cached_property
    def slot_shape(self) -> tuple[int, int]:
        """OFDM symbols and occupied subcarriers of a slot."""
        return (self.grid.symbols, len(self.grid.occupied))

    @cached_property
    def elements(self) -> tuple[int, ...]:
        """The data elements of a slot that units need, as symbol * occupied + place."""
        every = self.grid.data_elements
        return every if self.slots > 1 else every[: -(-self.uses // self.streams)]

    def filled(self, symbols: Symbols) -> Tensor:
        """Slots with data and pilots, `[batch * slots, stream, symbol, subcarrier]`; the last may be part empty.

        Streams share the sender's power: a resource element has unit power over all of them.
        """
        from semcom_channels.backend import tf

        elements = len(self.elements)
        padded = tf.pad(symbols, [[0, 0], [0, self.slots * elements * self.streams - self.uses]])
        layers = tf.transpose(tf.reshape(padded, [-1, elements, self.streams]), [0, 2, 1])
        with_zero = tf.pad(layers, [[0, 0], [0, 0], [0, 1]])
        sent = tf.gather(with_zero, self._sources, axis=-1) + self._pilots
        return tf.reshape(sent * self.streams**-0.5, [-1, self.streams, *self.slot_shape])

    def gathered(self, values: Tensor) -> Tensor:
        """Units `[batch, uses]` of values `[batch * slots, data element, stream]`."""
        from semcom_channels.backend import tf

        return tf.reshape(values, [-1, self.slots * len(self.elements) * self.streams])[:, : self.uses]

    def data(self, values: Tensor) -> Tensor:
        """Of values `[..., symbol, subcarrier]` those at data elements, `[..., data element]`."""
        from semcom_channels.backend import tf

        flat = tf.reshape(values, tf.concat([tf.shape(values)[:-2], [-1]], 0))
        return tf.gather(flat, list(self.elements), axis=-1)

    def pilots(self, stream: int) -> "tuple[np.ndarray, np.ndarray]":
        """Where a stream's pilots are in a slot, int32, and what they are as sent, complex64."""
        import numpy as np

        places = np.array(self.grid.pilot_places(stream, self.streams), np.int32)
        values: np.ndarray = self.grid.pilot_values(stream, self.streams) * np.float32(self.streams**-0.5)
        return places, values

    @cached_property
    def _sources(self) -> "np.ndarray":
        """For each resource element the data element that it holds, or the zero behind them."""
        import numpy as np

        places = np.full(self.slot_shape[0] * self.slot_shape[1], len(self.elements), np.int32)
        places[list(self.elements)] = np.arange(len(self.elements))
        return places

    @cached_property
    def _pilots(self) -> "np.ndarray":
        import numpy as np

        values = np.zeros((self.streams, self.slot_shape[0] * self.slot_shape[1]), np.complex64)
        for stream in range(self.streams):
            places = list(self.grid.pilot_places(stream, self.streams))
            values[stream, places] = self.grid.pilot_values(stream, self.streams)
        return values


def layout_of(channel: "GridChannel", uses: int) -> Layout:
    """The layout of units of that many symbols over a channel with a grid."""
    return _layout(channel.grid, channel.streams, uses)


@lru_cache(maxsize=64)
def _layout(grid: OfdmGrid, streams: int, uses: int) -> Layout:
    """Kept, since it keeps what it has worked out."""
    return Layout(grid, streams, uses)
