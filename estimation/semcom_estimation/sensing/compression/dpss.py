"""Compression to the field of view."""

from functools import cache
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from semcom_estimation.sensing.compression.compression import LinearCompression, lone_information
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap

SPARE = 16  # sequences beyond the time-bandwidth product that may be needed
POINTS = 65


class Dpss(LinearCompression):
    """Discrete prolate spheroidal sequences: the subspace that best holds tones in the field of view. [Slepian 1978]

    As few as leave almost all of a lone target's Fisher information, wherever it is in the view.
    """

    kind: Literal["dpss"] = "dpss"
    growth_allowed: Annotated[float, Field(gt=1.0, le=2.0)] = 1.01
    """How much larger the root of the Cramer-Rao bound may get at worst."""

    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """One for each mode; modes that would not shrink stay as they are."""
        sizes = zip(model.shape, model.views, strict=True)
        return tuple(_map(length, view, self.growth_allowed) for length, view in sizes)


@cache
def _map(length: int, view: tuple[float, float], growth_allowed: float) -> ModeMap:
    from scipy.signal.windows import dpss

    low, high = view
    product = length * (high - low)
    most = min(length - 1, int(np.ceil(product)) + SPARE)
    if product / 2.0 >= length / 2.0 - 1e-9 or most < 1:
        return ModeMap(length)
    turn = np.exp(-1j * np.pi * (low + high) * (np.arange(length) - (length - 1) / 2.0))
    matrix = dpss(length, product / 2.0, most, sym=True) * turn
    frequencies = np.linspace(low, high, POINTS)
    everything = lone_information(ModeMap(length), frequencies)
    for kept in range(max(2, int(product)), most + 1):
        one = ModeMap(length, matrix[:kept], None)
        if np.all(everything <= growth_allowed**2 * lone_information(one, frequencies)):
            return one
    return ModeMap(length)
