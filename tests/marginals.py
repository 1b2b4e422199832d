"""Marginals to couple, and what must be true of every coupling."""

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from semcom.coupling import TOTAL, Coupling, Masses, rescaled, to_masses


def drawn(rng: np.random.Generator, count: int, most: int = 6, least: int = 1) -> Iterator[tuple[Masses, Masses]]:
    """Pairs of distributions of few letters: even, uneven, with ties, with zeros."""
    for _ in range(count):
        yield one(rng, int(rng.integers(least, most + 1))), one(rng, int(rng.integers(least, most + 1)))


def one(rng: np.random.Generator, letters: int) -> Masses:
    """A distribution of one of five laws."""
    laws = (
        lambda: rng.dirichlet(np.ones(letters)),
        lambda: rng.dirichlet(np.full(letters, 0.3)),
        lambda: rng.random(letters) + 1e-9,
        lambda: np.ones(letters),
        lambda: rng.integers(0, 4, letters) + np.eye(letters)[0],
    )
    return rescaled(laws[int(rng.integers(len(laws)))]())


def assert_exact(coupling: Coupling) -> None:
    """Both marginals are kept to the last unit, by positive entries of different cells, in a forest."""
    n, m = coupling.shape
    assert coupling.masses.min() > 0
    assert int(coupling.masses.sum()) == TOTAL
    for letters, masses in ((coupling.rows, coupling.row_masses), (coupling.columns, coupling.column_masses)):
        sums = np.zeros(masses.size, np.int64)
        np.add.at(sums, letters, coupling.masses)
        assert np.array_equal(sums, masses)
    assert np.unique(coupling.rows * m + coupling.columns).size == coupling.masses.size
    assert coupling.masses.size <= n + m - 1


def distributions(most: int) -> st.SearchStrategy[Masses]:
    """Distributions of up to so many letters, by small whole weights."""
    weights = st.lists(st.integers(0, 40), min_size=1, max_size=most).filter(lambda values: sum(values) > 0)
    return weights.map(lambda values: to_masses(np.array(values) / sum(values)))
