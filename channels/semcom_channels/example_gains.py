"""Makes the example of a file of gains: python -m semcom_channels.example_gains."""

import numpy as np

from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.grid_draw import frequency_response
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.trace import EXAMPLE
from semcom_channels.umi import Umi

PLACES = 200
SEED = 1


def gains() -> np.ndarray:
    """Gains at places in a street canyon, `[snapshot, rx, tx, subcarrier]` complex64, of unit mean power each."""
    channel = Umi(grid=OfdmGrid(subcarriers=48), base=Ula(elements=2))
    paths, delays = channel.paths(SEED, PLACES, 1, 1.0)
    response = frequency_response(paths, delays, tf.constant(channel.grid.frequencies_hz, tf.float32), 1)
    return np.asarray(response)[:, :, :, 0]


if __name__ == "__main__":
    np.savez_compressed(EXAMPLE, gains=gains())
