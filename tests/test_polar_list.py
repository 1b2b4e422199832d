"""The list decoder of Polar codes against exhaustive search and against Sionna's."""

import itertools

import numpy as np
import pytest
from scipy import stats

from near import FALSE_ALARM
from semcom_channels.backend import tf
from semcom_channels.codes import Polar
from semcom_channels.polar_list import ListDecoder, boxplus, softplus, transformed

from sionna.phy.fec.polar import Polar5GDecoder, Polar5GEncoder  # isort: skip

LENGTH = 16
CARRIED = [3, 5, 6, 7, 9, 12, 13, 14, 15]


def decoder(list_size: int, checks: int, rng: np.random.Generator) -> ListDecoder:
    """Of a small code whose last carried bits are random parities of the others."""
    information = len(CARRIED) - checks
    parity = rng.integers(2, size=(information, checks)).astype(np.float32)
    return ListDecoder(~np.isin(np.arange(LENGTH), CARRIED), parity, list_size)


def words(code: ListDecoder) -> tuple[np.ndarray, np.ndarray]:
    """All information with its checks, `[word, bit]`, and the signs of each codeword, `[word, length]`."""
    information = np.array(list(itertools.product((0.0, 1.0), repeat=code.parity.shape[0])), np.float32)
    carried = np.concatenate([information, information @ code.parity % 2.0], axis=1)
    bits = np.zeros((len(carried), LENGTH), np.float32)
    bits[:, CARRIED] = carried
    return carried, transformed((1.0 - 2.0 * bits).T).T


@pytest.mark.parametrize("checks", [0, 3])
def test_a_list_of_all_paths_finds_the_likeliest_word(checks: int, rng: np.random.Generator) -> None:
    """Among those whose check holds; without checks, of all."""
    code = decoder(2 ** len(CARRIED), checks, rng)
    carried, signs = words(code)
    llrs = rng.normal(0.5, 1.5, (300, LENGTH)).astype(np.float32)
    likeliest = (llrs @ signs.T).argmax(axis=1)
    np.testing.assert_array_equal(code.decode(llrs), carried[likeliest])


@pytest.mark.parametrize("list_size", [1, 2, 4, 8, 32])
def test_a_word_that_nothing_has_corrupted_is_returned(list_size: int, rng: np.random.Generator) -> None:
    code = decoder(list_size, 3, rng)
    carried, signs = words(code)
    np.testing.assert_array_equal(code.decode(np.float32(4.0) * signs), carried)
    assert code.decode(signs[:0]).shape == (0, len(CARRIED))


def test_the_metric_of_a_path_is_the_likelihood_of_its_word(rng: np.random.Generator) -> None:
    """-log P(word | llrs) = sum log(1 + exp(-sign llr)), whichever nodes it was decided in."""
    code = decoder(8, 0, rng)
    llrs = rng.normal(0.5, 1.5, (50, LENGTH)).astype(np.float32)
    metrics = np.full((50, 8), np.inf, np.float32)
    metrics[:, 0] = 0.0
    paths = code._decide(np.repeat(llrs.T, 8, axis=1), metrics, 0)
    exact = np.logaddexp(0.0, -paths.signs * np.repeat(llrs.T, 8, axis=1).astype(np.float64)).sum(axis=0)
    np.testing.assert_allclose(paths.metrics.ravel(), exact, rtol=1e-4)


@pytest.mark.filterwarnings("ignore:Required resource allocation:UserWarning")  # of the path in ops, not used here
@pytest.mark.parametrize(("bits", "coded", "list_size", "snr_db"), [(30, 60, 4, 1.5), (64, 160, 8, -1.0)])
def test_words_are_decoded_no_worse_than_by_sionna(
    bits: int, coded: int, list_size: int, snr_db: float, rng: np.random.Generator
) -> None:
    """Most words come out the same; where one decoder alone is right, each is as often (exact sign test)."""
    encoder, code = Polar5GEncoder(bits, coded), Polar.read({"kind": "polar", "list_size": list_size})
    sent = rng.integers(2, size=(200, bits)).astype(np.float32)
    power = 10.0 ** (-snr_db / 10.0)
    heard = 2.0 * np.asarray(encoder(sent)) - 1.0 + np.sqrt(power) * rng.standard_normal((200, coded))
    llrs = tf.constant(2.0 * heard / power, tf.float32)
    reference = Polar5GDecoder(encoder, dec_type="SCL", list_size=list_size)
    reference.polar_dec._cpu_only = True
    mine, theirs = np.asarray(code.decode(llrs, bits, 2)), np.asarray(reference(llrs))
    right, others_right = ((decided == sent).all(axis=1) for decided in (mine, theirs))
    assert 0 < right.sum() < 200
    better, worse = int((right & ~others_right).sum()), int((others_right & ~right).sum())
    if better + worse:
        assert stats.binomtest(worse, better + worse).pvalue > FALSE_ALARM
    assert (mine != theirs).any(axis=1).sum() < (~right).sum()


def test_log_likelihood_ratios_of_sums_are_exact_and_finite(rng: np.random.Generator) -> None:
    a, b = rng.normal(0.0, 8.0, (2, 2000)).astype(np.float32)
    exact = 2.0 * np.arctanh(np.tanh(a.astype(np.float64) / 2.0) * np.tanh(b.astype(np.float64) / 2.0))
    near = np.isfinite(exact)
    np.testing.assert_allclose(boxplus(a, b)[near], exact[near], rtol=1e-4, atol=1e-5)
    extremes = np.array([-1e30, -80.0, 0.0, 80.0, 1e30], np.float32)
    for values in np.meshgrid(extremes, extremes):
        assert np.isfinite(boxplus(values, extremes[:, None])).all()
        assert np.isfinite(softplus(values)).all()
    np.testing.assert_allclose(softplus(a), np.logaddexp(0.0, a.astype(np.float64)), rtol=1e-5, atol=1e-6)
