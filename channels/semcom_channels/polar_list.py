"""Successive cancellation list decoding of Polar codes, for many words at once, in NumPy.

Numbers of a node of the code's tree stand in arrays `[length, path]`: for each word, `list_size` paths side by side.
A node returns signs for its part of the codeword and, where paths were split, for each path the one it comes from:
whoever holds numbers of paths takes them along. Bits are signs, +1 for 0 and -1 for 1; log-likelihood ratios are of 0.
"""

from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.intp]


class Paths(NamedTuple):
    """What a node decided: signs `[length, path]`, metrics `[word, path]`, and where paths come from, `[path]`."""

    signs: Floats
    metrics: Floats
    parents: Places | None
    """None: each path is the one it was."""


class ListDecoder:
    """CRC-aided list decoder on log-likelihood ratios. [Tal & Vardy 2015; Balatsoukas-Stimming et al. 2015]

    Nodes without information, with a single repeated bit or with nothing but information are decided as a whole: with
    exact metrics that finds the best paths which bit by bit decisions might lose. [Hashemi, Condo, Gross 2017]
    """

    def __init__(self, frozen: NDArray[np.bool_], parity: NDArray[np.float32], list_size: int) -> None:
        """`frozen` says for each bit whether it is 0; `parity` `[information, check]` gives the CRC of information."""
        self.frozen = frozen
        self.parity = parity
        self.list_size = list_size

    @cached_property
    def carried(self) -> Places:
        """The places of information and its check."""
        return np.flatnonzero(~self.frozen)

    def decode(self, llrs: Floats) -> Floats:
        """Information and check bits, `[word, bit]` of 0 and 1, from log-likelihood ratios `[word, length]`."""
        words = len(llrs)
        if not words:
            return np.zeros((0, self.carried.size), np.float32)
        metrics = np.full((words, self.list_size), np.inf, np.float32)
        metrics[:, 0] = 0.0
        paths = self._decide(np.repeat(llrs.T.astype(np.float32), self.list_size, axis=1), metrics, 0)
        bits = (transformed(paths.signs)[self.carried] < 0.0).astype(np.float32)
        candidates = bits.T.reshape(words, self.list_size, -1)
        return self._chosen(candidates, paths.metrics)

    def _chosen(self, candidates: Floats, metrics: Floats) -> Floats:
        """The likeliest path of each word whose check holds; without one, the likeliest."""
        information = self.parity.shape[0]
        wrong = candidates[..., :information] @ self.parity % 2.0 != candidates[..., information:]
        best = np.lexsort((metrics, wrong.any(axis=2)), axis=1)[:, 0]
        return candidates[np.arange(len(candidates)), best]

    def _decide(self, llrs: Floats, metrics: Floats, first: int) -> Paths:
        """Decides the node of that many bits from bit `first` on."""
        length = len(llrs)
        frozen = self.frozen[first : first + length]
        if frozen.all():
            return Paths(np.ones_like(llrs), metrics + _by_word(softplus(-llrs).sum(axis=0), metrics), None)
        if frozen[:-1].all():
            return self._repeated(llrs, metrics)
        if not frozen.any():
            return self._free(llrs, metrics)
        return self._split(llrs, metrics, first)

    def _split(self, llrs: Floats, metrics: Floats, first: int) -> Paths:
        """Left half, then right half, as successive cancellation does."""
        half = len(llrs) // 2
        left = self._decide(boxplus(llrs[:half], llrs[half:]), metrics, first)
        llrs = _taken(llrs, left.parents)
        right = self._decide(left.signs * llrs[:half] + llrs[half:], left.metrics, first + half)
        signs = np.empty((2 * half, llrs.shape[1]), np.float32)
        np.multiply(_taken(left.signs, right.parents), right.signs, out=signs[:half])
        signs[half:] = right.signs
        return Paths(signs, right.metrics, _after(left.parents, right.parents))

    def _repeated(self, llrs: Floats, metrics: Floats) -> Paths:
        """One bit that all places repeat."""
        metrics = metrics + _by_word(softplus(-llrs).sum(axis=0), metrics)
        metrics, parents, other = self._best(metrics, llrs.sum(axis=0))
        signs = np.where(other, np.float32(-1.0), np.float32(1.0))
        return Paths(np.broadcast_to(signs, llrs.shape), metrics, parents)

    def _free(self, llrs: Floats, metrics: Floats) -> Paths:
        """Information alone: the likeliest signs, or some of the least reliable ones turned.

        The best `list_size` paths turn none but the `list_size - 1` least reliable ones.
        """
        sizes = np.abs(llrs)
        metrics = metrics + _by_word(softplus(-sizes).sum(axis=0), metrics)
        signs = np.where(llrs < 0.0, np.float32(-1.0), np.float32(1.0))
        weak = _smallest(sizes, min(self.list_size - 1, len(llrs)))
        costs = np.take_along_axis(sizes, weak, axis=0)
        turned = np.zeros(weak.shape, bool)
        parents: Places | None = None
        for place in range(len(weak)):
            metrics, origin, other = self._best(metrics, costs[place])
            weak, costs, turned = weak[:, origin], costs[:, origin], turned[:, origin]
            turned[place] = other
            parents = _after(parents, origin)
        signs = _taken(signs, parents)
        rows, columns = np.nonzero(turned)
        signs[weak[rows, columns], columns] *= -1.0
        return Paths(signs, metrics, parents)

    def _best(self, metrics: Floats, cost: Floats) -> tuple[Floats, Places, NDArray[np.bool_]]:
        """The best among all paths and their dearer others: metrics, parents, and whether each is an other."""
        both = np.concatenate([metrics, metrics + _by_word(cost, metrics)], axis=1)
        kept = np.argpartition(both, self.list_size - 1, axis=1)[:, : self.list_size]
        rows = np.arange(len(metrics))[:, None]
        parents = rows * self.list_size + kept % self.list_size
        return both[rows, kept], parents.ravel(), (kept >= self.list_size).ravel()


def boxplus(one: Floats, other: Floats) -> Floats:
    """The log-likelihood ratio of the sum of two bits, log(1 + e^(a + b)) - log(e^a + e^b)."""
    total, difference = one + other, one - other
    rest: Floats = np.log((1.0 + np.exp(-np.abs(total))) / (1.0 + np.exp(-np.abs(difference))))
    rest += np.maximum(total, 0.0)
    rest -= np.maximum(one, other)
    return rest


def softplus(values: Floats) -> Floats:
    """log(1 + e^x)."""
    return np.maximum(values, 0.0) + np.log(1.0 + np.exp(-np.abs(values)))


def transformed(signs: Floats) -> Floats:
    """The Polar transform along the first axis, which is its own inverse. [Arikan 2009]"""
    length, paths = signs.shape
    out = signs.copy()
    step = 1
    while step < length:
        pairs = out.reshape(length // (2 * step), 2, step, paths)
        pairs[:, 0] *= pairs[:, 1]
        step *= 2
    return out


def _smallest(sizes: Floats, count: int) -> Places:
    """The places of the smallest ones in each column, in rising order."""
    if count == len(sizes):
        return np.argsort(sizes, axis=0)
    found = np.argpartition(sizes, count, axis=0)[:count]
    order = np.argsort(np.take_along_axis(sizes, found, axis=0), axis=0)
    return np.take_along_axis(found, order, axis=0)


def _by_word(values: Floats, metrics: Floats) -> Floats:
    return values.reshape(metrics.shape)


def _taken(values: Floats, parents: Places | None) -> Floats:
    return values if parents is None else np.take(values, parents, axis=1, mode="clip")


def _after(first: Places | None, second: Places | None) -> Places | None:
    if first is None or second is None:
        return second if first is None else first
    return first[second]
