"""The linear maps from pilots to gains, each made once."""

from functools import cache
from typing import NamedTuple

import numpy as np

from semcom_channels.layout import Layout

LEAST = 1e-10  # of the largest eigenvalue; what is below counts as zero


@cache
def interpolation_weights(layout: Layout, stream: int, interpolation: str) -> np.ndarray:
    """Sionna's interpolation as a matrix, `[element, pilot]` complex64."""
    from semcom_channels.sionna_door import detection

    places, _ = layout.pilots(stream)
    return detection.interpolation_weights(layout.slot_shape, tuple(places), interpolation)


class Modes(NamedTuple):
    """R_pp = U diag(powers) U* of a stream's pilots, without its zeros."""

    analysis: np.ndarray
    """conj(U), `[pilot, mode]` complex64."""
    powers: np.ndarray
    """`[mode]` float32."""
    synthesis: np.ndarray
    """(R_hp U)^T, `[mode, element]` complex64."""
    variances: np.ndarray
    """E|h|^2 at each element, float32."""


@cache
def wiener_modes(layout: Layout, stream: int) -> Modes:
    """The modes of a stream's pilots under the channel's covariance."""
    law = layout.channel.covariance()
    width = layout.slot_shape[1]
    places = np.asarray(layout.pilots(stream)[0])
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
        vectors.conj().astype(np.complex64),
        powers[kept].astype(np.float32),
        (elements @ vectors).T.astype(np.complex64),
        variances.astype(np.float32),
    )
