"""Discrete prolate spheroidal sequences as maps of modes."""

from functools import lru_cache

import numpy as np

from semcom_estimation.sensing.compression.maps import lone_information
from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap

SPARE = 16  # sequences beyond the time-bandwidth product that may be needed
POINTS = 65
LONGEST_TABLE = 100  # bins of a view for which a table of responses pays
WORTHWHILE = 0.8  # of the samples: modes that would shrink less stay as they are


def prolate(length: int, bandwidth: float, count: int) -> np.ndarray:
    """The sequences of this length most concentrated in -bandwidth..bandwidth cycles per sample, `[count, length]`.

    Of unit energy, the most concentrated first: eigenvectors of the largest eigenvalues of the tridiagonal matrix that
    commutes with the sinc kernel. [Slepian 1978]
    """
    from scipy.linalg import eigh_tridiagonal

    places = np.arange(length)
    diagonal = ((length - 1) / 2.0 - places) ** 2 * np.cos(2.0 * np.pi * bandwidth)
    beside = places[1:] * (length - places[1:]) / 2.0
    vectors = eigh_tridiagonal(diagonal, beside, select="i", select_range=(length - count, length - 1))[1]
    return np.asarray(vectors[:, ::-1].T)


@lru_cache(maxsize=256)
def slepian_map(length: int, view: Interval, growth_allowed: float) -> ModeMap:
    """As few sequences as let the root of the Cramer-Rao bound grow by no more than allowed; all samples if need be."""
    low, high = view
    product = length * (high - low)
    most = min(length - 1, int(np.ceil(product)) + SPARE)
    if product >= WORTHWHILE * length:
        return ModeMap(length)
    turn = np.exp(-1j * np.pi * (low + high) * (np.arange(length) - (length - 1) / 2.0))
    matrix = prolate(length, (high - low) / 2.0, most) * turn
    frequencies = np.linspace(low, high, POINTS)
    everything = lone_information(ModeMap(length), frequencies)
    for kept in range(max(2, int(product)), most + 1):
        one = ModeMap(length, matrix[:kept], None, view if product <= LONGEST_TABLE else None)
        if np.all(everything <= growth_allowed**2 * lone_information(one, frequencies)):
            return one
    return ModeMap(length)
