"""What all tests share: TensorFlow imported quietly, and randomness that `--rng-seed` chooses."""

import signal
import zlib

import hypothesis
import numpy as np
import pytest

from semcom_channels import Streams, backend  # the backend first: it silences what TensorFlow and Sionna print

__all__ = ["backend"]

hypothesis.settings.register_profile("semcom", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.load_profile("semcom")


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in a shell's background; children would ignore it too
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rng-seed", type=int, default=0, help="seed of the random tests; they pass for 0 to 99")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """A generator of the test's own, seeded by `--rng-seed` and the test's name."""
    seed: int = request.config.getoption("--rng-seed")
    return np.random.default_rng([seed, zlib.crc32(request.node.nodeid.encode())])


@pytest.fixture
def streams(rng: np.random.Generator) -> Streams:
    """Streams of one chunk with separate keys for the purposes of a link."""
    keys = {purpose: int(rng.integers(2**62)) for purpose in ("source", "channel", "noise")}
    return Streams(int(rng.integers(2**31)), 0, 0, keys)
