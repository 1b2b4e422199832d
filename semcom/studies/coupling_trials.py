"""Pairs of marginals of a coupling point, joined."""

import time
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from semcom.couplers.coupled import Coupled
from semcom.couplers.coupler import Coupler
from semcom.coupling import to_masses
from semcom_channels import Streams

if TYPE_CHECKING:
    from semcom.studies.coupling_point import CouplingPoint


def coupled_pairs(point: "CouplingPoint", streams: Streams) -> Iterator[Coupled]:
    """A chunk of pairs."""
    if any(metric.kind == "cpu_s" for metric in point.metrics):
        _warmed(point.coupler, point.letters)
    rng = streams.rng("source")
    for _ in range(point.pairs):
        p, q = (point.marginals.draw(point.letters, rng) for _ in range(2))
        begin = time.process_time()
        coupling = point.coupler.couple(p, q)
        yield Coupled(coupling, time.process_time() - begin)


@lru_cache(maxsize=64)
def _warmed(coupler: Coupler, letters: int) -> None:
    """Imports are made and a kernel is compiled before time counts."""
    even = to_masses(np.full(letters, 1.0 / letters))
    coupler.couple(even, even)
