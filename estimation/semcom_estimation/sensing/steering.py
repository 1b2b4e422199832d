"""Steering vectors, and linear maps of a mode that keep noise white."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from semcom_estimation.sensing.fast import is_fast
from semcom_estimation.sensing.modes import Interval

PER_BIN = 8
TERMS = 11  # (pi / 16)^11 / 11! is below the last digit
EXPONENTS, ORDERS = np.arange(float(TERMS)), np.arange(1.0, TERMS)


class Response(NamedTuple):
    """What a mode makes of tones."""

    values: np.ndarray
    """`[kept, target]` complex128."""
    slopes: np.ndarray
    """Their derivatives by the frequency."""


def steering(length: int, frequencies: np.ndarray) -> Response:
    """exp(2 pi j f (n - (N - 1) / 2)) for n = 0..N-1: the phase counts from the middle, where it tells least of f."""
    turns = 2j * np.pi * (np.arange(length) - (length - 1) / 2.0)
    values = np.exp(turns[:, None] * frequencies)
    return Response(values, turns[:, None] * values)


def at_middle(gains: np.ndarray, frequencies: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Gains at the middle of a tensor of those at its first sample."""
    return np.asarray(gains * np.exp(2j * np.pi * frequencies @ ((np.array(shape) - 1.0) / 2.0)))


def at_first(gains: np.ndarray, frequencies: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Gains at the first sample of a tensor of those at its middle."""
    return np.asarray(gains * np.exp(-2j * np.pi * frequencies @ ((np.array(shape) - 1.0) / 2.0)))


@dataclass(frozen=True, eq=False)
class ModeMap:
    """A linear map of a mode's samples whose rows are orthonormal; without a matrix the samples stay as they are."""

    length: int
    """Samples of the mode."""
    matrix: np.ndarray | None = None
    """`[kept, length]` complex128."""
    step: int | None = 1
    """Samples from one kept one to the next, where the kept ones of a tone are a tone again; else None."""
    view: Interval | None = None
    """Where responses are asked for most: a table makes them there, as exact as computing them and faster."""
    stages: tuple[np.ndarray, np.ndarray] | None = None
    """The matrix as a product of fewer multiplications: what is kept of each block of samples, `[taper, sample]`, and
    of all blocks together, `[kept, taper of all blocks]`."""

    @property
    def kept(self) -> int:
        """Samples that are left."""
        return self.length if self.matrix is None else len(self.matrix)

    @cached_property
    def single(self) -> np.ndarray | None:
        """The matrix in complex64, for tensors that come so."""
        return None if self.matrix is None else self.matrix.astype(np.complex64)

    def respond(self, frequencies: np.ndarray) -> Response:
        """What is left of tones."""
        if self.matrix is None:
            return steering(self.length, frequencies)
        near = self._table.respond(frequencies) if self.view is not None else None
        if near is not None:
            return near
        both = self.matrix @ np.concatenate(steering(self.length, frequencies), axis=1)
        return Response(both[:, : len(frequencies)], both[:, len(frequencies) :])

    @cached_property
    def _table(self) -> "ResponseTable":
        assert self.matrix is not None
        assert self.view is not None
        return ResponseTable(self.matrix, self.view)


class ResponseTable:
    """Responses of a map near points an eighth of a bin apart, by the Taylor series of exp to the last digit."""

    def __init__(self, matrix: np.ndarray, view: Interval) -> None:
        length = matrix.shape[1]
        low, high = view
        self._per_cycle = PER_BIN * length
        self._low = low - 1.0 / length
        count = int(np.ceil((high - low + 2.0 / length) * self._per_cycle)) + 1
        points = self._low + np.arange(count) / self._per_cycle
        turns = 2j * np.pi * (np.arange(length) - (length - 1) / 2.0) / length  # for a bin
        term = np.exp(length * turns[:, None] * points)
        terms = []
        for order in range(TERMS):
            terms.append(matrix @ term)
            term = term * turns[:, None] / (order + 1.0)
        self._terms = np.ascontiguousarray(np.stack(terms).transpose(2, 0, 1))  # [point, order, kept]
        self._length = length

    def respond(self, frequencies: np.ndarray) -> Response | None:
        """Sum over p of b^(p)(f0) (f - f0)^p / p!, and its derivative; None when one is a bin or more out of view."""
        place = (frequencies - self._low) * self._per_cycle
        nearest = np.rint(place)
        if not len(place) or nearest.min() < 0.0 or nearest.max() >= len(self._terms):
            return None
        if is_fast():
            from semcom_estimation.sensing.compiled import tabled

            return Response(*tabled(self._terms, place, nearest.astype(int), float(PER_BIN), float(self._length)))
        powers = np.zeros((len(place), 2, TERMS))
        powers[:, 0] = ((place - nearest) / PER_BIN)[:, None] ** EXPONENTS
        powers[:, 1, 1:] = powers[:, 0, :-1] * (ORDERS * self._length)
        both = np.matmul(powers, self._terms[nearest.astype(int)])
        return Response(both[:, 0].T, both[:, 1].T)


def along(tensor: np.ndarray, matrix: np.ndarray, axis: int) -> np.ndarray:
    """The product of a matrix with one axis of a tensor."""
    shape = tensor.shape
    if axis == tensor.ndim - 1:
        return np.asarray(tensor.reshape(-1, shape[-1]) @ matrix.T).reshape(*shape[:-1], len(matrix))
    rows = tensor.reshape(int(np.prod(shape[:axis])), shape[axis], -1)
    return np.asarray(np.matmul(matrix, rows)).reshape(*shape[:axis], len(matrix), *shape[axis + 1 :])


def cheapest(lengths: Sequence[int], made: Sequence[int]) -> list[int]:
    """The order of axes in which products that make these lengths of those take the fewest multiplications.

    Of two axes n -> k and m -> l the first goes first when k + (k/n) l < l + (l/m) k, which is 1/k - 1/n > 1/l - 1/m.
    """
    return sorted(range(len(lengths)), key=lambda axis: 1.0 / lengths[axis] - 1.0 / made[axis])


def synthesised(responses: Sequence[Response], gains: np.ndarray) -> np.ndarray:
    """The tensor of targets, sum over k of gain_k b_1k o b_2k o ..."""
    shape = [len(response.values) for response in responses]
    split = min(range(len(shape)), key=lambda axis: math.prod(shape[:axis]) + math.prod(shape[axis:]))
    rows = _products(responses[:split], gains[None])
    columns = _products(responses[split:], np.ones_like(gains[None])).T
    return np.asarray(rows @ columns if len(gains) > 1 else rows * columns).reshape(shape)  # BLAS is slow at one


def _products(responses: Sequence[Response], rows: np.ndarray) -> np.ndarray:
    """Of what modes make of each target, all samples with all, `[sample, target]`."""
    for response in responses:
        rows = (rows[:, None] * response.values).reshape(-1, rows.shape[1])
    return rows


def correlated(tensor: np.ndarray, responses: Sequence[Response]) -> tuple[np.ndarray, np.ndarray]:
    """a_k* y of each target's atom a_k, `[target]`, and of its derivatives by each frequency, `[mode, target]`.

    The first product, along the longer of the outer modes, has the tensor's precision; the others are complex128.
    """
    targets, start = responses[0].values.shape[1], longer_outer(responses)
    rows = correlated_along(tensor, responses[start], start)
    others = [response for mode, response in enumerate(responses) if mode != start]
    for mode, response in enumerate(others, 1):  # rows: [atom or derivative by a mode so far, target, the other modes]
        apart = rows.reshape(mode + 1, targets, len(response.values), -1)
        values, slopes = response.values.conj().T, response.slopes.conj().T
        kept = np.matmul(values[:, None], apart)[:, :, 0]
        turned = np.matmul(slopes[:, None], apart[0])[:, 0]
        rows = np.concatenate([kept, turned[None]])
    found = rows.reshape(len(responses) + 1, targets)
    return found[0], np.roll(found[1:], -1, axis=0) if start else found[1:]


def longer_outer(responses: Sequence[Response]) -> int:
    """The first mode or the last, whichever is longer."""
    last = len(responses) - 1
    return last if len(responses[last].values) > len(responses[0].values) else 0


def correlated_along(tensor: np.ndarray, response: Response, outer: int) -> np.ndarray:
    """Products of the first mode or the last with values and slopes, `[2, target, samples of the others]` complex128.

    They are formed in the tensor's precision.
    """
    both = np.concatenate(response, axis=1).conj().T.astype(tensor.dtype, copy=False)
    flat = (tensor.reshape(-1, both.shape[1]) @ both.T).T if outer else both @ tensor.reshape(both.shape[1], -1)
    return np.asarray(flat.astype(complex, order="C", copy=False).reshape(2, response.values.shape[1], -1))
