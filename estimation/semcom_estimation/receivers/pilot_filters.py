"""The linear maps from pilots to gains."""

from collections.abc import Hashable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.covariance import Covariance
from semcom_channels.grid_channel import GridChannel
from semcom_channels.layout import Layout, layout_of
from semcom_channels.tensors import Tensor
from semcom_estimation.receivers.sampled_gains import sample

LEAST = 1e-10  # of the largest eigenvalue; what is below counts as zero
ELEMENTS = 2000


def interpolation_weights(layout: Layout, stream: int, interpolation: str) -> np.ndarray:
    """Sionna's interpolation as a matrix, `[element, pilot]` complex64."""
    from semcom_channels.sionna_door import detection

    places, _ = layout.pilots(stream)
    return detection.interpolation_weights(layout.slot_shape, tuple(places), interpolation)


class Interpolation(NamedTuple):
    """What interpolation between pilots adds to gains, on average over data elements and streams."""

    error: float
    """E|W h_p - h|^2, without noise."""
    noise: float
    """The noise of pilots that passes, over its power: the sum of |W|^2 over pilots."""


@lru_cache(maxsize=16)
def interpolation_error(channel: GridChannel, state: Hashable, interpolation: str) -> Interpolation:
    """What the channel's covariance says of it: W R_pp W* - 2 Re W R_ph + R_hh; `state` is that of the files it reads.

    Of many data elements it takes 2,000 that lie evenly. Along beams, of which the covariance between antennas says
    nothing, a sample of gains stands for the law.
    """
    law, grid = channel.covariance(), channel.grid
    along_beams = sample(channel) if channel.points_beams else None
    layout, width = layout_of(channel, 1), len(grid.occupied)
    data = np.asarray(grid.data_elements)
    elements = data[np.linspace(0, len(data) - 1, min(ELEMENTS, len(data))).astype(int)]
    found = []
    for stream in range(channel.streams):
        pilots = np.asarray(grid.pilot_places(stream, channel.streams))
        weights = interpolation_weights(layout, stream, interpolation)[elements].astype(np.complex128)
        if along_beams is not None:
            gains = along_beams[:, :, stream].reshape(-1, grid.symbols * width)
            left = np.mean(np.abs(gains[:, pilots] @ weights.T - gains[:, elements]) ** 2)
            found.append((left, np.mean(np.sum(np.abs(weights) ** 2, axis=1))))
            continue
        between = _covariance(law, pilots, pilots, width)
        bias = np.sum(weights @ between * weights.conj(), axis=1)
        crossed = np.sum(weights * _covariance(law, elements, pilots, width).conj(), axis=1)
        whole = np.einsum("ktt,kff->tf", law.time, law.frequency).ravel()[elements]
        errors = (bias - 2.0 * crossed + whole).real
        found.append((np.mean(errors), np.mean(np.sum(np.abs(weights) ** 2, axis=1))))
    return Interpolation(*(float(mean) for mean in np.mean(found, axis=0)))


def _covariance(law: Covariance, rows: np.ndarray, columns: np.ndarray, width: int) -> np.ndarray:
    """E h h* between resource elements, `[row, column]`."""
    (these, here), (those, there) = np.divmod(rows, width), np.divmod(columns, width)
    terms = zip(law.time, law.frequency, strict=True)
    return np.asarray(sum(time[np.ix_(these, those)] * frequency[np.ix_(here, there)] for time, frequency in terms))


class Modes(NamedTuple):
    """R_pp = U diag(powers) U* of a stream's pilots, without its zeros; tensors, whose lengths follow the law."""

    analysis: Tensor
    """conj(U), `[pilot, mode]` complex64."""
    powers: Tensor
    """`[mode]` float32."""
    synthesis: Tensor
    """(R_hp U)^T, `[mode, element]` complex64."""
    variances: Tensor
    """E|h|^2 at each element, float32."""


@lru_cache(maxsize=16)
def wiener_modes(channel: GridChannel, state: Hashable) -> tuple[Modes, ...]:
    """The modes of each stream's pilots under the channel's covariance; `state` is that of the files it reads."""
    law, grid = channel.covariance(), channel.grid
    return tuple(
        _modes(law, np.asarray(grid.pilot_places(stream, channel.streams)), len(grid.occupied))
        for stream in range(channel.streams)
    )


def _modes(law: Covariance, places: np.ndarray, width: int) -> Modes:
    times, subcarriers = places // width, places % width
    pilots = np.einsum("kab,kab->ab", law.time[:, times][:, :, times], law.frequency[:, subcarriers][:, :, subcarriers])
    elements = np.einsum("ktp,kfp->tfp", law.time[:, :, times], law.frequency[:, :, subcarriers]).reshape(
        -1, len(places)
    )
    variances = np.einsum("ktt,kff->tf", law.time, law.frequency).real.ravel()
    powers, vectors = np.linalg.eigh(pilots)
    kept = powers > LEAST * powers[-1]
    vectors = vectors[:, kept]
    return Modes(
        tf.constant(vectors.conj(), tf.complex64),
        tf.constant(powers[kept], tf.float32),
        tf.constant((elements @ vectors).T, tf.complex64),
        tf.constant(variances, tf.float32),
    )
