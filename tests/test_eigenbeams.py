"""Streams along the eigenvectors of the transmit covariance."""

from typing import Any

import numpy as np

from semcom_channels import Streams, Tdl
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.grid_draw import _eigenbeams
from semcom_channels.ofdm_grid import OfdmGrid

UNITS, SENT, HEARD, LAYERS = 30, 4, 3, 2
GRID = OfdmGrid(subcarriers=12)
ENDS: Any = {"base": Ula(elements=SENT), "terminal": Ula(elements=HEARD), "direction": "downlink"}
BEAMS = Tdl(**ENDS, grid=GRID, precoding="eigenbeams", layers=LAYERS, speed_m_s=5.0)
USES = 2 * len(GRID.data_elements) * LAYERS  # two slots


def antenna_gains(streams: Streams) -> Any:
    """The gains between antennas that the beams are made of, `[unit * slot, rx, tx, symbol, subcarrier]`."""
    open_loop = Tdl(base=Ula(elements=SENT), terminal=Ula(elements=SENT), direction="downlink", grid=GRID)
    return open_loop.draw((UNITS, 2 * len(GRID.data_elements) * SENT), tf.constant(0.0), streams).gain[:, :HEARD]


def test_beams_are_orthonormal_and_the_strongest_there_are(streams: Streams) -> None:
    """The power along beam s is the s-th eigenvalue of sum H* H over antennas and elements of the unit."""
    realisation: Any = BEAMS.draw((UNITS, USES), tf.constant(0.0), streams)
    gains = antenna_gains(streams)
    beams = np.asarray(_eigenbeams(gains, realisation.layout))
    assert beams.shape == (UNITS, SENT, LAYERS)
    gram = np.swapaxes(beams, 1, 2).conj() @ beams
    np.testing.assert_allclose(gram, np.broadcast_to(np.eye(LAYERS), gram.shape), atol=1e-5)
    unit = np.asarray(gains).reshape(UNITS, 2, HEARD, SENT, -1)
    rows = np.moveaxis(unit, 3, -1).reshape(UNITS, -1, SENT)
    singular = np.linalg.svd(rows, compute_uv=False)
    along = np.sum(np.abs(rows @ beams) ** 2, axis=1)
    np.testing.assert_allclose(along, singular[:, :LAYERS] ** 2, rtol=1e-4)


def test_streams_on_beams_gain_power(streams: Streams) -> None:
    """In each unit the strongest beam has at least the mean power of the antennas, and no less than the next."""
    realisation: Any = BEAMS.draw((UNITS, USES), tf.constant(0.0), streams)
    assert realisation.gain.shape == (UNITS * 2, HEARD, LAYERS, 14, 12)
    power = np.abs(np.asarray(realisation.gain).reshape(UNITS, 2, HEARD, LAYERS, -1)) ** 2
    by_stream = power.mean(axis=(1, 2, 4))
    assert (by_stream[:, 0] >= by_stream[:, 1]).all()
    assert by_stream.mean() > 1.0
    every = Tdl(**ENDS, grid=GRID, precoding="eigenbeams", layers=3, speed_m_s=5.0)
    more: Any = every.draw((UNITS, 2 * len(GRID.data_elements) * 3), tf.constant(0.0), streams)
    three = np.abs(np.asarray(more.gain).reshape(UNITS, 2, HEARD, 3, -1)) ** 2
    np.testing.assert_allclose(three.mean(axis=(1, 2, 4))[:, :2], by_stream, rtol=1e-4)  # the same fades and beams
    assert (by_stream[:, 0] >= three.mean(axis=(1, 2, 3, 4)) * (1.0 - 1e-5)).all()
