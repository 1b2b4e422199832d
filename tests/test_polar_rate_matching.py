"""The 5G Polar code of the uplink against a literal reading of 3GPP 38.212, clause by clause.

6.3.1.2.1: 12 <= A <= 19 have CRC6 and 3 parity bits, A >= 20 have CRC11; A < 12 has a code of its own.
    A >= 20 alone.
5.2.1, 6.3.1.2.1: two segments for A >= 1013, or A >= 360 and E >= 1088.
    Refused: whoever sends cuts blocks.
5.3.1: n from E, K / E < 9/16, K / E > 1/8, 5 <= n <= 10.
    The same.
5.3.1.1: the interleaver before the code, of the downlink alone (I_IL = 0 in the uplink).
    None.
5.3.1.2: the K most reliable of the bits that rate matching does not freeze. [table 5.3.1.2-1 as Sionna has it]
    The same.
5.4.1.1: the sub-blocks' order; freezing with puncturing J(n) for n < N - E and what the thresholds add; with shortening
J(n) for n >= E.
    The same. (Sionna 1.2.2, when it punctures, takes J of a shorter block and adds one bit too few: of every hundred
    lengths that are punctured one has another bit frozen.)
5.4.1.2: repetition, puncturing for K / E <= 7/16, shortening.
    The same.
5.4.1.3: the triangular interleaver (I_BIL = 1 in the uplink).
    The same.
6.3.1.4: E_r <= 8192.
    The same.
"""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from semcom_channels.backend import tf
from semcom_channels.codes import Polar
from semcom_channels.polar_rate_matching import PolarMatching
from semcom_channels.sionna_door import polar_encoder, polar_frozen

from sionna.phy.fec.polar import Polar5GEncoder  # isort: skip
from sionna.phy.fec.polar.utils import generate_5g_ranking  # isort: skip

P = [
    0,
    1,
    2,
    4,
    3,
    5,
    6,
    7,
    8,
    16,
    9,
    17,
    10,
    18,
    11,
    19,
    12,
    20,
    13,
    21,
    14,
    22,
    15,
    23,
    24,
    25,
    26,
    28,
    27,
    29,
    30,
    31,
]


def length_of(k: int, e: int) -> int:
    if e <= 9 / 8 * 2 ** (math.ceil(math.log2(e)) - 1) and k / e < 9 / 16:
        n_1 = math.ceil(math.log2(e)) - 1
    else:
        n_1 = math.ceil(math.log2(e))
    n_2 = math.ceil(math.log2(k / (1 / 8)))
    return int(2 ** max(min(n_1, n_2, 10), 5))


def interleaver(n: int) -> list[int]:
    return [P[32 * i // n] * (n // 32) + i % (n // 32) for i in range(n)]


def frozen_of(k: int, e: int) -> set[int]:
    n = length_of(k, e)
    j = interleaver(n)
    frozen: set[int] = set()
    if e < n:
        if k / e <= 7 / 16:
            for i in range(n - e):
                frozen |= {j[i]}
            if e >= 3 * n / 4:
                frozen |= set(range(math.ceil(3 * n / 4 - e / 2)))
            else:
                frozen |= set(range(math.ceil(9 * n / 16 - e / 4)))
        else:
            for i in range(e, n):
                frozen |= {j[i]}
    order = [int(bit) for bit in generate_5g_ranking(0, n, sort=False)[0]]
    carrying = [bit for bit in order if bit not in frozen][-k:]
    return set(range(n)) - set(carrying)


def sent_of(k: int, e: int) -> list[int]:
    n = length_of(k, e)
    y = interleaver(n)
    if e >= n:
        bits = [y[i % n] for i in range(e)]
    elif k / e <= 7 / 16:
        bits = [y[i + n - e] for i in range(e)]
    else:
        bits = [y[i] for i in range(e)]
    t = 0
    while t * (t + 1) // 2 < e:
        t += 1
    v: dict[tuple[int, int], int] = {}
    i_bit = 0
    for i in range(t):
        for j in range(t - i):
            if i_bit < e:
                v[i, j] = bits[i_bit]
            i_bit += 1
    return [v[i, j] for j in range(t) for i in range(t - j) if (i, j) in v]


def lengths_at(bits: int, rate: float) -> tuple[int, int]:
    return bits, min(max(int(bits / rate), bits + 11), 8192)


@settings(max_examples=50)
@given(st.builds(lengths_at, st.integers(20, 1012), st.floats(0.02, 1.0)))
@example((23, 96))  # one more bit is frozen than Sionna freezes
@example((300, 771))
@example((200, 577))  # another one is frozen than Sionna's shorter interleaver says
@example((218, 578))
@example((100, 2000))
@example((500, 1060))
def test_every_frozen_and_every_sent_bit_is_that_of_the_standards_loops(lengths: tuple[int, int]) -> None:
    bits, coded = lengths
    if Polar().check(bits, coded) is None:
        matching = PolarMatching(bits, coded)
        assert matching.length == length_of(bits + 11, coded)
        assert set(np.flatnonzero(polar_frozen(matching)).tolist()) == frozen_of(bits + 11, coded)
        assert matching.sent().tolist() == sent_of(bits + 11, coded)


@pytest.mark.parametrize(("bits", "coded"), [(20, 31), (30, 60), (64, 160), (64, 300), (500, 1000), (1012, 1087)])
def test_where_nothing_is_punctured_words_are_those_of_sionna(bits: int, coded: int, rng: np.random.Generator) -> None:
    sent = rng.integers(2, size=(5, bits)).astype(np.float32)
    words = Polar().encode(tf.constant(sent), coded, 2)
    np.testing.assert_array_equal(words, Polar5GEncoder(bits, coded)(tf.constant(sent)))


@pytest.mark.parametrize(("bits", "coded"), [(20, 31), (64, 200), (45, 200), (64, 150), (32, 3000), (300, 8192)])
def test_words_of_every_kind_of_rate_matching_come_back(bits: int, coded: int, rng: np.random.Generator) -> None:
    """Shortened, punctured by little and by much, repeated."""
    sent = rng.integers(2, size=(5, bits)).astype(np.float32)
    words = Polar(list_size=1).encode(tf.constant(sent), coded, 2)
    assert words.shape == (5, coded)
    np.testing.assert_array_equal(Polar(list_size=1).decode((2.0 * words - 1.0) * 20.0, bits, 2), sent)
    matching = PolarMatching(bits, coded)
    whole = polar_encoder(matching)(tf.constant(sent)).numpy()
    np.testing.assert_array_equal(words, whole[:, matching.sent()])


def test_a_bit_that_is_repeated_is_heard_as_the_sum_of_its_copies(rng: np.random.Generator) -> None:
    matching = PolarMatching(64, 1500)
    llrs = rng.integers(-64, 64, size=(3, 1500)).astype(np.float32)
    heard = np.zeros((3, matching.length), np.float32)
    np.add.at(heard.T, np.array(sent_of(75, 1500)), llrs.T)
    assert matching.length == 1024
    np.testing.assert_array_equal(matching.heard(tf.constant(llrs)), heard)
