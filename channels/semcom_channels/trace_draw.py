"""Draws of snapshots from a file of gains."""

from typing import TYPE_CHECKING

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.grid_draw import noise_of, noise_power
from semcom_channels.grid_realisation import GridRealisation
from semcom_channels.layout import layout_of
from semcom_channels.streams import Streams
from semcom_channels.tensors import Tensor
from semcom_channels.trace_file import gains_of

if TYPE_CHECKING:
    from semcom_channels.trace import Trace


def realisation(channel: "Trace", shape: tuple[int, int], snr_db: Tensor, streams: Streams) -> GridRealisation:
    """Each unit of `shape = (batch, uses)` meets a snapshot drawn with replacement."""
    batch, uses = shape
    layout = layout_of(channel, uses)
    gains = gains_of(channel)
    chosen = gains[streams.rng("channel").integers(len(gains), size=batch)]
    course = np.broadcast_to(chosen, (*chosen.shape[:3], *layout.slot_shape))
    response = tf.repeat(tf.constant(course), layout.slots, axis=0)
    noise = noise_of(layout, channel.receive_antennas, batch, streams)
    return GridRealisation(response, noise, noise_power(snr_db), layout)
