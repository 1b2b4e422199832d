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
FASTER = 0.9  # of the multiplications: no two stages for less
SHORTEST, FEWEST, LANES = 16, 4, 8  # samples of a block, blocks, and of how many sequences products are fast
LEFT = 1e-12  # of the energy of the rows


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
            return staged(one, view)
    return ModeMap(length)


def staged(one: ModeMap, view: Interval) -> ModeMap:
    """Nearly the same map in two stages, where that takes fewer multiplications: sequences of blocks, then of all.

    What blocks leave out is less than `LEFT` of the energy of the rows, which then are made orthonormal again.
    """
    assert one.matrix is not None
    length, kept, width = one.length, one.kept, view[1] - view[0]
    least, best = FASTER * length * kept, None
    for block in (size for size in range(SHORTEST, length // FEWEST + 1) if length % size == 0):
        turn = np.exp(-1j * np.pi * (view[0] + view[1]) * (np.arange(block) - (block - 1) / 2.0))
        local = prolate(block, width / 2.0, min(block, int(np.ceil(block * width)) + SPARE)) * turn
        whole = one.matrix.reshape(kept, -1, block) @ local.conj().T  # [kept, block of samples, taper]
        left = kept - np.cumsum(np.sum(np.abs(whole) ** 2, axis=(0, 1)))
        tapers = -(-(int(np.argmax(left < LEFT * kept)) + 1) // LANES) * LANES
        cost = tapers * (length + kept * length / block)
        if tapers <= len(left) and left[tapers - 1] < LEFT * kept and cost < least:
            least, best = cost, (local[:tapers], whole[..., :tapers].reshape(kept, -1))
    if best is None:
        return one
    local, whole = best
    left_vectors, _, right_vectors = np.linalg.svd(whole, full_matrices=False)
    whole = left_vectors @ right_vectors  # the nearest with orthonormal rows
    matrix = (whole.reshape(kept, -1, len(local)) @ local).reshape(kept, length)
    return ModeMap(length, matrix, None, one.view, (local, whole))
