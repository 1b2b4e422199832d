"""What a sample of a channel's gains says of it: such as whether matrices have an inverse."""

from collections.abc import Hashable, Sequence
from functools import lru_cache

import numpy as np

from semcom_channels import Streams
from semcom_channels.backend import tf
from semcom_channels.grid_channel import GridChannel

ROUNDING = 2.0**-23  # of single precision
UNITS, PLACES = 32, 8  # of the sample: units, and subcarriers of each


def least_of_largest(shape: Sequence[int]) -> float:
    """The share of the largest singular value of matrices `[..., rx, stream]` below which others are rounding."""
    return max(shape[-2:]) * ROUNDING


@lru_cache(maxsize=16)
def deficient_share(channel: GridChannel, state: Hashable) -> float:
    """The share of resource elements, in a sample of units, whose matrix has no inverse in single precision.

    `state` is that of the files that the channel reads.
    """
    gain = sample(channel)
    there = np.linspace(0, gain.shape[-1] - 1, min(PLACES, gain.shape[-1])).astype(int)
    matrices = np.moveaxis(gain[..., 0, :][..., there], -1, 1).astype(np.complex128)
    values = np.linalg.svd(matrices, compute_uv=False)
    return float(np.mean(values[..., -1] <= values[..., 0] * least_of_largest(matrices.shape)))


def sample(channel: GridChannel) -> np.ndarray:
    """Gains of units of one slot, `[unit, rx, stream, symbol, subcarrier]` complex64."""
    streams = Streams(0, 0, 0, {"channel": 0, "noise": 0})
    uses = len(channel.grid.data_elements) * channel.streams
    with tf.init_scope():
        return np.asarray(channel.draw((UNITS, uses), tf.constant(0.0), streams).gain)
