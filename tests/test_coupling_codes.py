"""Codes with an entropy bound: the most information for the rate."""

import importlib
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from marginals import assert_exact, distributions, drawn, one
from semcom.coupling import (
    TOTAL,
    Coupling,
    Masses,
    ebim,
    ebrahimi2024,
    entropy_bits,
    exact_code,
    shkel2017,
    to_masses,
)
from semcom.coupling.codes import code_of, move
from semcom.coupling.fill import filled_maps, lumped_maps
from semcom.coupling.maps import Maps
from semcom.coupling.partitions import partition_entropies, partitions
from semcom.coupling.split import best_split
from semcom.errors import UserError

Encode = Callable[[ArrayLike, float], Coupling]
ENCODERS: tuple[Encode, ...] = (ebim, ebrahimi2024, shkel2017, exact_code)
BELL = (1, 1, 2, 5, 15, 52, 203, 877, 4140)


def naive_merging(p: list[int], rate: float) -> list[int]:
    """Algorithm 1 of Ebrahimi et al. 2024 as it is written: the masses of the cells."""
    cells = sorted(mass for mass in p if mass)

    def entropy(masses: list[int]) -> float:
        return entropy_bits(np.array(masses, np.int64))

    while entropy(cells) > rate:
        pair = sorted([cells[0] + cells[1], *cells[2:]])
        if entropy(pair) <= rate:
            return pair
        cells = sorted([*cells[:-2], cells[-2] + cells[-1]])
    return cells


def is_map(code: Coupling) -> bool:
    return bool(np.unique(code.rows).size == code.rows.size)


@pytest.mark.parametrize("encode", ENCODERS)
def test_every_code_keeps_its_source_and_its_rate(encode: Encode, rng: np.random.Generator) -> None:
    for p, _ in drawn(rng, 60, 8):
        for rate in (0.0, 0.3, 1.0, float(rng.random() * entropy_bits(p)), entropy_bits(p), 9.0, math.inf):
            code = encode(p, rate)
            assert_exact(code)
            assert np.array_equal(code.row_masses, p)
            assert code.column_masses.min() > 0
            assert code.column_entropy_bits <= rate
            assert code.information_bits <= code.column_entropy_bits + 1e-12


@pytest.mark.parametrize("letters", [12, 20, 30, 100, 1000])
def test_codes_of_more_letters_keep_their_source_and_their_rate_too(letters: int, rng: np.random.Generator) -> None:
    for _ in range(4):
        p = one(rng, letters)
        rate = float(rng.random() * entropy_bits(p))
        code = ebim(p, rate)
        assert_exact(code)
        assert np.array_equal(code.row_masses, p)
        assert rate - 1e-9 < code.column_entropy_bits <= rate
        assert code.rows.size <= np.count_nonzero(p) + 1


def test_the_code_by_one_cumulative_sum_is_that_of_the_naive_loop(rng: np.random.Generator) -> None:
    for p, _ in drawn(rng, 300, 30):
        rate = float(rng.random() * 1.1 * entropy_bits(p))
        code = ebrahimi2024(p, rate)
        assert is_map(code)
        assert sorted(code.column_masses.tolist()) == naive_merging(p.tolist(), rate)


def test_algorithm_1_is_within_its_guarantee_of_the_exact_code(rng: np.random.Generator) -> None:
    for p, _ in drawn(rng, 40, 7, 2):
        second = float(np.sort(p)[-2]) / TOTAL
        guarantee = -second * math.log2(second) - (1 - second) * math.log2(1 - second) if 0 < second < 1 else 0.0
        rate = float(rng.random() * entropy_bits(p))
        exact = exact_code(p, rate).information_bits
        assert ebrahimi2024(p, rate).information_bits >= exact - guarantee - 1e-9


def test_all_maps_are_there_with_their_entropies(rng: np.random.Generator) -> None:
    for letters in range(1, 9):
        assert len({tuple(row) for row in partitions(letters).tolist()}) == BELL[letters]
    shares = rng.dirichlet(np.ones(6))
    for labels, entropy in zip(partitions(6), partition_entropies(shares), strict=True):
        cells = np.bincount(labels, shares)
        assert entropy == pytest.approx(float(-(cells * np.log2(cells)).sum()), abs=1e-12)


def test_the_code_of_two_equal_letters_is_the_z_channel_at_any_rate() -> None:
    # no map but the constant has H <= 0.9: T = 0 for all of x = 0 and a part of x = 1, with h(P(T = 1)) = R
    for rate in (1e-9, 1e-4, 0.1, 0.5, 0.9, 0.999):
        code = ebim([0.5, 0.5], rate)
        assert ebrahimi2024([0.5, 0.5], rate).information_bits == 0.0
        assert rate - 1e-11 < code.column_entropy_bits <= rate
        low = float(code.column_masses.min()) / TOTAL
        crossing = 2.0 * low
        loss = -0.5 * (crossing * math.log2(crossing) + (1.0 - crossing) * math.log2(1.0 - crossing))
        assert code.information_bits == pytest.approx(rate - loss, abs=1e-9)
        assert code.information_bits > 0.0
    assert ebim([0.5, 0.5], 0.9).information_bits == pytest.approx(0.42545, abs=1e-5)


def test_no_code_of_two_letters_is_better_than_the_split_one(rng: np.random.Generator) -> None:
    rate = 0.9
    best = ebim([0.5, 0.5], rate).information_bits
    kernels = rng.dirichlet(np.full(3, 0.3), (20000, 2))
    marginal = kernels.mean(axis=1)
    entropy = -(marginal * np.log2(marginal + 1e-300)).sum(axis=1)
    loss = -(kernels * np.log2(kernels + 1e-300)).sum(axis=2).mean(axis=1)
    within = entropy <= rate
    assert within.sum() > 1000
    assert (entropy - loss)[within].max() <= best + 1e-9


@given(distributions(7), st.floats(1e-6, 1.0))
def test_any_rate_above_nought_gives_information(p: Masses, share: float) -> None:
    entropy = entropy_bits(p)
    code = ebim(p, share * entropy)
    assert entropy == 0.0 or code.information_bits > 0.0


@pytest.mark.parametrize(
    ("letters", "trials", "allowed"), [(8, 150, 0.01), (16, 40, 0.001), (30, 20, 0.001), (500, 10, 0.001)]
)
def test_little_of_the_rate_is_lost(letters: int, trials: int, allowed: float, rng: np.random.Generator) -> None:
    slack = []
    for _ in range(trials):
        p = to_masses(rng.dirichlet(np.ones(letters)))
        rate = float(rng.random() * entropy_bits(p))
        slack.append(rate - ebim(p, rate).information_bits)
    assert np.mean(slack) - 6.0 * np.std(slack) / math.sqrt(trials) <= allowed
    assert min(slack) >= -1e-12


@pytest.mark.parametrize("letters", [25, 64, 512])
def test_a_map_of_heavy_letters_and_a_tail_is_found(letters: int, rng: np.random.Generator) -> None:
    """The rate is the entropy of a map that is planted: heavy letters in a few cells, a tail in another."""
    for heavy in (2, 3, 5, 8):
        tail = np.full(letters - heavy, rng.uniform(0.02, 0.2) / (letters - heavy))
        p = to_masses(np.concatenate((rng.dirichlet(np.full(heavy, 5.0)) * (1.0 - tail.sum()), tail)))
        cells = np.concatenate((np.arange(heavy) % 4, np.full(letters - heavy, heavy % 4)))
        rate = code_of(p, cells).column_entropy_bits
        assert ebim(p, rate).information_bits > rate - 0.002
        assert shkel2017(p, rate).information_bits < ebim(p, rate).information_bits + 0.002


@pytest.mark.parametrize("letters", [20, 25, 100, 1000])
def test_no_code_of_algorithm_1_is_better(letters: int, rng: np.random.Generator) -> None:
    for _ in range(5):
        p = one(rng, letters)
        rate = float(rng.random() * entropy_bits(p))
        for bits in (rate, ebrahimi2024(p, rate).column_entropy_bits):
            assert ebrahimi2024(p, bits).information_bits <= ebim(p, bits).information_bits + 1e-12


@pytest.mark.parametrize("letters", [36, 51, 231])
def test_an_even_law_at_its_own_entropy_loses_nothing_in_a_few_tries(
    letters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bit less in the last place, and a letter is split where the entropy is flat."""
    tries = []

    def counted(code: Coupling, letter: int, cell: int, units: int) -> Coupling:
        tries.append(units)
        return move(code, letter, cell, units)

    monkeypatch.setattr(importlib.import_module("semcom.coupling.ebim"), "move", counted)
    p = to_masses(np.full(letters, 1.0 / letters))
    for below in (0.0, 1e-14, 1e-10):
        rate = float(np.nextafter(entropy_bits(p), 0.0)) - below
        code = ebim(p, rate)
        assert rate - 1e-4 < code.information_bits <= code.column_entropy_bits <= rate
    assert len(tries) < 400


def test_ebim_is_the_exact_code_of_few_letters(rng: np.random.Generator) -> None:
    for p in (*(p for p, _ in drawn(rng, 20, 8)), to_masses(np.full(8, 0.125))):
        rate = float(rng.random() * entropy_bits(p))
        assert ebim(p, rate).information_bits == exact_code(p, rate).information_bits


@pytest.mark.parametrize("maps", [filled_maps, lumped_maps])
def test_runs_are_of_letters_in_order_and_headed_by_the_heaviest(
    maps: Callable[[Masses, float], Maps], rng: np.random.Generator
) -> None:
    sizes = np.sort(to_masses(rng.dirichlet(np.full(100, 0.5))))[::-1].copy()
    found = maps(sizes, 1.5)
    runs = np.arange(found.shares.size)
    assert (np.diff(found.runs) >= 0).all()
    np.testing.assert_array_equal(found.heads, [sizes[found.runs == run].max() / TOTAL for run in runs])
    np.testing.assert_allclose(found.shares, [sizes[found.runs == run].sum() / TOTAL for run in runs], rtol=1e-15)
    for row, entropy in enumerate(found.entropies):
        assert code_of(sizes, found.of_letters(row)).column_entropy_bits == pytest.approx(entropy, abs=1e-12)


def test_of_a_run_of_letters_the_heaviest_is_split() -> None:
    shares, heads, labels = np.array([0.6, 0.2, 0.2]), np.array([0.3, 0.2, 0.2]), np.zeros((1, 3), np.int64)
    runs = np.array([0, 0, 1, 2])
    for rate, run in ((0.85, 0), (0.7, 2)):  # takes 0.276 of the one cell, or 0.19
        split = best_split(Maps(shares, labels, np.zeros(1), runs, heads), rate)
        assert split is not None
        assert (split.run, split.cell) == (run, 1)
        assert split.share < heads[run]
    assert best_split(Maps(shares, labels, np.zeros(1), runs, heads), 0.97) is None  # takes 0.4


def test_no_split_of_one_letter_beats_the_exact_code(rng: np.random.Generator) -> None:
    for _ in range(3):
        p = rng.dirichlet(np.ones(4))
        rate = float(rng.uniform(0.1, 0.9) * -(p * np.log2(p)).sum())
        best = exact_code(p, rate).information_bits
        for labels in partitions(4):
            for letter in range(4):
                for cell in range(5):
                    kernel = np.zeros((150, 4, 5))
                    part = np.linspace(0.0, 1.0, 150)
                    kernel[:, np.arange(4), labels] = 1.0
                    kernel[:, letter, labels[letter]] = 1.0 - part
                    kernel[:, letter, cell] += part
                    marginal = p @ kernel
                    entropy = -(marginal * np.log2(np.maximum(marginal, 1e-300))).sum(axis=1)
                    inner = -(kernel * np.log2(np.maximum(kernel, 1e-300))).sum(axis=2) @ p
                    assert (entropy - inner)[entropy <= rate].max(initial=0.0) <= best + 1e-9


def test_the_code_of_fixed_length_has_that_many_even_codewords() -> None:
    code = shkel2017(np.full(12, 1 / 12), 2.0)
    assert np.allclose(code.column_masses / TOTAL, 0.25)
    assert shkel2017([0.5, 0.5], 0.99).column_masses.size == 1
    assert shkel2017([0.5, 0.25, 0.25], 1.0).column_entropy_bits == 1.0


@pytest.mark.parametrize("codewords", [2, 3, 5, 9, 10, 100])
def test_a_rate_of_whole_codewords_has_them_all_but_what_the_last_bit_forbids(codewords: int) -> None:
    rate = math.log2(codewords)
    code = shkel2017(np.full(2 * codewords, 0.5 / codewords), rate)
    assert codewords - 1 <= code.column_masses.size <= codewords
    assert code.column_masses.size == codewords or entropy_bits(to_masses(np.full(codewords, 1 / codewords))) > rate
    assert code.column_entropy_bits <= rate


def test_at_the_entropy_of_a_map_no_letter_is_split_into_nothing(rng: np.random.Generator) -> None:
    """Where a rate is just an entropy, rounding may leave its map out, and the split that comes near is the map."""
    for _ in range(300):
        p = one(rng, int(rng.integers(2, 9)))
        labels = rng.integers(0, 3, p.size)
        rate = code_of(p, labels).column_entropy_bits
        for bits in (rate, float(np.nextafter(rate, 0.0)), float(np.nextafter(rate, 9.0))):
            if bits >= 0.0:
                assert_exact(ebim(p, bits))


def test_a_rate_curve_rises_and_the_better_encoder_lies_above(rng: np.random.Generator) -> None:
    p = to_masses(rng.dirichlet(np.ones(8)))
    rates = np.linspace(0.0, entropy_bits(p), 12).tolist()
    exact, ours, shkel = (
        np.array([encode(p, rate).information_bits for rate in rates]) for encode in (exact_code, ebim, shkel2017)
    )
    assert np.diff(exact).min() > 0.0
    assert (ours <= exact + 1e-12).all()
    assert (shkel <= ours + 1e-9).all()
    assert shkel.mean() < ours.mean() - 0.1
    assert exact[-1] == pytest.approx(entropy_bits(p), abs=1e-9)


@pytest.mark.parametrize("encode", ENCODERS)
@pytest.mark.parametrize(("rate", "told"), [(-0.5, "-0.5"), (math.nan, "nan")])
def test_a_rate_below_nought_is_told(encode: Encode, rate: float, told: str) -> None:
    with pytest.raises(
        UserError, match=f"rate_bits is {told}; expected at least 0 bits .inf for no limit.. Is the sign"
    ):
        encode([0.5, 0.5], rate)


@pytest.mark.parametrize("encode", ENCODERS)
def test_an_encoder_tells_what_is_no_distribution(encode: Encode) -> None:
    with pytest.raises(UserError, match=r"p_x sums to 0.8"):
        encode([0.5, 0.3], 1.0)


def test_too_many_letters_for_all_maps_are_told() -> None:
    with pytest.raises(UserError, match=r"p_x has 9 letters with mass; expected at most 8 to try all maps. Take ebim"):
        exact_code(np.full(9, 1 / 9), 1.0)


@pytest.mark.parametrize("rate", ["1", None])
def test_a_rate_that_is_no_number_is_told(rate: object) -> None:
    with pytest.raises(UserError, match=f"rate_bits is {rate!r}; expected a number of bits"):
        ebim([0.5, 0.5], rate)  # type: ignore[arg-type]  # what callers without types may give
