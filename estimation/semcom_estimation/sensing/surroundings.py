"""Whether what a fit leaves was heard from outside of the fields of view."""

from functools import lru_cache

import numpy as np
from scipy.special import betaincc

from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import ModeMap

REACH = 8  # bins beyond each end; what is further away leaks into the same samples
COLUMNS = 256  # of an unfolding that are looked at
FALSE_ALARM = 1e-3  # of all modes together


def heard_outside(left: np.ndarray, maps: tuple[ModeMap, ...], views: tuple[Interval, ...]) -> bool:
    """Whether the residual of a small tensor has more power at some frequency outside than noise has.

    In each mode alone, the other modes being snapshots: the share of white noise that points one way has a beta law.
    """
    atoms = beyond_ends(maps, views)
    number = sum(len(one) for one in atoms)
    for axis, rows in enumerate(atoms):
        if not len(rows):
            continue
        unfolding = np.moveaxis(left, axis, 0).reshape(left.shape[axis], -1)
        some = np.ascontiguousarray(unfolding[:, :: -(-unfolding.shape[1] // COLUMNS)])
        loudest = float(np.max(np.sum(np.abs(rows @ some) ** 2, axis=1)))
        share = min(loudest / max(float(np.vdot(some, some).real), 1e-300), 1.0)
        dimensions, columns = some.shape
        if betaincc(columns, (dimensions - 1) * columns, share) < FALSE_ALARM / number:
            return True
    return False


@lru_cache(maxsize=16)
def beyond_ends(maps: tuple[ModeMap, ...], views: tuple[Interval, ...]) -> tuple[np.ndarray, ...]:
    """What is kept of tones outside, conjugate and of unit length, `[tone, kept]` for each mode."""
    return tuple(_atoms(one, _points(one.length, *view)) for one, view in zip(maps, views, strict=True))


def _points(length: int, low: float, high: float) -> np.ndarray:
    """Half a bin from the ends and further, as far as there is room."""
    number = min(REACH, int((1.0 - (high - low)) * length / 2.0 + 0.5))
    steps = (np.arange(number) + 0.5) / length
    return np.concatenate([low - steps, high + steps])


def _atoms(one: ModeMap, frequencies: np.ndarray) -> np.ndarray:
    values = one.respond(frequencies).values
    return np.asarray((values / np.linalg.norm(values, axis=0)).conj().T)
