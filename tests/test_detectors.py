"""Detectors of several streams: the noise they state, and decisions against exhaustive search."""

import math
from itertools import product

import numpy as np
import pytest

from near import assert_mean
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_graph import run
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Uncoded
from semcom_channels import Streams, Tdl
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.channel import Joint
from semcom_channels.layout import layout_of
from semcom_channels.modulation import BITS_PER_SYMBOL, Modulation
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.sionna_door import detection
from semcom_estimation.receivers import LeastSquares, LinearMmse, Perfect
from semcom_estimation.receivers.detectors import Detector, KBest, Lmmse, ZeroForcing, combined
from semcom_estimation.receivers.receiver import Receiver

DRAWS = 6000
TWO = Ula(elements=2)
SMALL = OfdmGrid(subcarriers=12)


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """CN(0, 1)."""
    return np.asarray((rng.normal(size=shape) + 1j * rng.normal(size=shape)) * np.sqrt(0.5))


def qpsk(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(np.exp(0.5j * np.pi * (rng.integers(4, size=shape) + 0.5)))


@pytest.mark.parametrize("detector", [ZeroForcing(), Lmmse()], ids=lambda detector: detector.kind)
@pytest.mark.parametrize("strength", [0.7, 4.0])
def test_symbols_are_unbiased_and_see_the_noise_that_is_stated(
    detector: Detector, strength: float, rng: np.random.Generator
) -> None:
    h = strength * normal(rng, 3, 2)
    sent = qpsk(rng, DRAWS, 2)
    y = sent @ h.T + normal(rng, DRAWS, 3)
    many = np.broadcast_to(h, (DRAWS, 3, 2))
    x, no = detector.separate(tf.constant(y, tf.complex64), tf.constant(many, tf.complex64))
    error = np.asarray(x) - sent
    for stream in range(2):
        assert_mean((error[:, stream] * sent[:, stream].conj()).real, 0.0)
        assert_mean(np.abs(error[:, stream]) ** 2, float(no[0, stream]))


def test_zero_forcing_and_lmmse_state_their_closed_forms(rng: np.random.Generator) -> None:
    """(H* H)^-1 and (H* H + I)^-1 e / (1 - e) for e = [(H* H + I)^-1] on the diagonal. [Tse & Viswanath 2005]"""
    h = normal(rng, 50, 4, 3)
    y = normal(rng, 50, 4)
    gram = np.swapaxes(h, 1, 2).conj() @ h
    free = np.diagonal(np.linalg.inv(gram), axis1=1, axis2=2).real
    left = np.diagonal(np.linalg.inv(gram + np.eye(3)), axis1=1, axis2=2).real
    given = tf.constant(y, tf.complex64), tf.constant(h, tf.complex64)
    np.testing.assert_allclose(ZeroForcing().separate(*given)[1], free, rtol=1e-3)
    np.testing.assert_allclose(Lmmse().separate(*given)[1], left / (1.0 - left), rtol=1e-3)
    assert (left / (1.0 - left) <= free * (1.0 + 1e-12)).all()


def test_one_stream_is_combined_by_maximum_ratio(rng: np.random.Generator) -> None:
    """X = h* y / |h|^2 with noise 1 / |h|^2: the antennas' SNRs add. [Brennan 1959]"""
    h, sent = normal(rng, 4, 1), qpsk(rng, DRAWS, 1)
    y = sent @ h.T + normal(rng, DRAWS, 4)
    many = np.broadcast_to(h, (DRAWS, 4, 1))
    x, no = combined(tf.constant(y, tf.complex64), tf.constant(many, tf.complex64))
    np.testing.assert_allclose(no, 1.0 / np.sum(np.abs(h) ** 2), rtol=1e-5)
    np.testing.assert_allclose(x, y @ h.conj() / np.sum(np.abs(h) ** 2), rtol=1e-4, atol=1e-5)
    assert_mean(np.abs(np.asarray(x) - sent) ** 2, float(no[0, 0]))


def labels(modulation: Modulation) -> tuple[np.ndarray, np.ndarray]:
    """Points and the bits of each, as the transceiver sends them."""
    bits = np.array(list(product((0, 1), repeat=BITS_PER_SYMBOL[modulation])), np.float32)
    points = [point_of(modulation, row) for row in bits]
    return np.array(points), bits


def point_of(modulation: Modulation, bits: np.ndarray) -> complex:
    """TS 38.211, sections 5.1.3 and 5.1.4: d = (1 - 2 b_0) (2 - (1 - 2 b_2)) and the like on the other axis."""
    signs = 1.0 - 2.0 * bits
    if modulation == "qpsk":
        return complex(signs[0], signs[1]) / math.sqrt(2.0)
    return complex(signs[0] * (2.0 - signs[2]), signs[1] * (2.0 - signs[3])) / math.sqrt(10.0)


@pytest.mark.parametrize("modulation", ["qpsk", "16qam"])
def test_k_best_with_all_paths_decides_as_exhaustive_search_does(
    modulation: Modulation, rng: np.random.Generator
) -> None:
    """The max-log ratio: log max over bit 1 - log max over bit 0 of exp(-|y - H x|^2), over all pairs of points."""
    per_symbol = BITS_PER_SYMBOL[modulation]
    channel = Tdl(terminal=TWO, base=TWO, grid=SMALL)
    elements = 30
    layout = layout_of(channel, elements * 2)
    h, points = 2.0 * normal(rng, 3, elements, 2, 2), labels(modulation)
    chosen = rng.integers(len(points[0]), size=(3, elements, 2))
    y = np.einsum("beri,bei->ber", h, points[0][chosen]) + normal(rng, 3, elements, 2)
    joint = Joint(tf.constant(y, tf.complex64), tf.constant(h, tf.complex64), len(points[0]) ** 2, layout)
    llrs = np.asarray(detection.joint_llrs(joint, per_symbol)).reshape(3, elements, 2, per_symbol)

    pairs = np.array(list(product(range(len(points[0])), repeat=2)))
    distance = np.sum(np.abs(y[..., None] - h @ points[0][pairs].T) ** 2, axis=2)  # [batch, element, pair]
    for stream in range(2):
        for bit in range(per_symbol):
            ones = points[1][pairs[:, stream], bit] == 1.0
            ratio = distance[..., ~ones].min(axis=-1) - distance[..., ones].min(axis=-1)
            mine = llrs[:, :, stream, bit]
            np.testing.assert_allclose(mine, np.clip(ratio, mine.min(), mine.max()), rtol=1e-3, atol=2e-3)
            assert (np.sign(mine) == np.sign(ratio)).all()
    assert np.abs(llrs).max() > 5.0


def error_rates(receiver: Receiver, streams: Streams) -> np.ndarray:
    """Bit errors of each unit, 2 streams of 16-QAM at 18 dB to 2 antennas."""
    bits = len(SMALL.data_elements) * 2 * 4
    point = LinkPoint(
        source=RandomBits(packet_bits=bits),
        transceiver=Uncoded(modulation="16qam"),
        channel=Tdl(terminal=TWO, base=TWO, grid=SMALL),
        receiver=receiver,
        metrics=(BitErrorRate(),),
        batch=200,
        snr_db=18.0,
    )
    (batch,) = point.source.draw(200, streams.rng("source"))
    return np.asarray(run(point, batch, streams)["ber"], np.float64) / bits


def test_better_receivers_make_fewer_errors_over_the_same_fades(streams: Streams) -> None:
    kinds: tuple[Detector, ...] = (KBest(), Lmmse(), ZeroForcing())
    k_best, lmmse, zero_forcing = (error_rates(Perfect(detector=kind), streams).mean() for kind in kinds)
    assert k_best < 0.8 * lmmse
    assert lmmse < zero_forcing
    estimates = [error_rates(receiver, streams).mean() for receiver in (LinearMmse(), LeastSquares())]
    assert lmmse < estimates[0] < estimates[1]


@pytest.mark.parametrize("snr_db", [0.0, 40.0, 90.0])
def test_lmmse_states_its_noise_at_any_snr(snr_db: float, rng: np.random.Generator) -> None:
    """Against double precision; single precision loses it where H H* + I is inverted instead of H* H + I."""
    h = 10.0 ** (snr_db / 20.0) * normal(rng, 200, 4, 2)
    y = h @ qpsk(rng, 200, 2, 1) + normal(rng, 200, 4, 1)
    inverse = np.linalg.inv(np.swapaxes(h, 1, 2).conj() @ h + np.eye(2))
    left = np.diagonal(inverse, axis1=1, axis2=2).real
    x, no = Lmmse().separate(tf.constant(y[..., 0], tf.complex64), tf.constant(h, tf.complex64))
    np.testing.assert_allclose(no, left / (1.0 - left), rtol=5e-3)
    expected = (inverse @ np.swapaxes(h, 1, 2).conj() @ y)[..., 0] / (1.0 - left)
    np.testing.assert_allclose(x, expected, rtol=1e-2, atol=1e-2)
