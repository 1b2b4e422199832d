"""Random streams: equal across processes, independent across purposes."""

import itertools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from near import FALSE_ALARM, assert_law
from semcom_channels import Streams

KEYS = {"source": 11, "channel": 2**63 + 5, "noise": 7}
ELSEWHERE = """
from semcom_channels import Awgn, Rayleigh, Streams
from semcom_channels.backend import tf
streams = Streams(3, 1, 2, {"source": 11, "channel": 2**63 + 5, "noise": int(Awgn().key, 16)})
arrived = Rayleigh(coherence_uses=1).draw((2, 3), tf.constant(3.0), streams).carry(tf.ones((2, 3), tf.complex64))
words = f"{streams.number('source')} {streams.rng('noise').random()} {arrived.numpy().tobytes().hex()}"
"""


def test_every_process_draws_the_same_numbers() -> None:
    """Also with another seed of Python's own hashes, on which nothing may depend."""
    here: dict[str, str] = {}
    exec(ELSEWHERE, here)
    there = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ELSEWHERE + "print(words)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent / "channels",
        env={"PYTHONHASHSEED": "1", "PATH": ""},
    )
    assert there.stdout.strip() == here["words"]


def test_the_numbers_of_a_stream_are_those_that_records_hold() -> None:
    """A golden: another value here means that no run is repeated by its seed any more."""
    streams = Streams(3, 1, 2, KEYS)
    assert streams.number("source") == 28910608827406276
    assert streams.rng("noise").random() == 0.07259857052111385


@given(st.integers(0, 2**64 - 1), st.integers(0, 5), st.integers(0, 2**31), st.sampled_from(sorted(KEYS)))
def test_a_number_has_62_bits_and_depends_on_everything_that_names_it(
    seed: int, repeat: int, chunk: int, purpose: str
) -> None:
    streams = Streams(seed, repeat, chunk, KEYS)
    number = streams.number(purpose)
    assert 0 <= number < 2**62
    assert number == replace(streams, keys={purpose: KEYS[purpose]}).number(purpose)
    others = (
        replace(streams, seed=seed + 1),
        replace(streams, repeat=repeat + 1),
        replace(streams, chunk=chunk + 1),
        replace(streams, keys={**KEYS, purpose: KEYS[purpose] + 1}),
    )
    assert number not in {other.number(purpose) for other in others}


def test_purposes_and_chunks_are_independent_even_under_equal_keys(rng: np.random.Generator) -> None:
    base = Streams(int(rng.integers(2**31)), 0, 0, dict.fromkeys(KEYS, 1))
    drawn = [replace(base, chunk=chunk).rng(purpose).random(2000) for chunk in range(3) for purpose in KEYS]
    assert_law(np.concatenate(drawn), "uniform")
    for one, other in itertools.combinations(drawn, 2):
        assert stats.spearmanr(one, other).pvalue > FALSE_ALARM


def test_first_numbers_of_many_chunks_are_uniform(rng: np.random.Generator) -> None:
    base = Streams(int(rng.integers(2**31)), 0, 0, KEYS)
    assert_law([replace(base, chunk=chunk).number("noise") / 2.0**62 for chunk in range(3000)], "uniform")


def test_a_purpose_without_a_key_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="weather"):
        Streams(0, 0, 0, KEYS).rng("weather")
