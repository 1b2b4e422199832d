"""Detectors of several streams: the noise they state, and decisions against exhaustive search."""

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from near import assert_mean, assert_rate
from semcom.metrics import BitErrorRate
from semcom.sources import RandomBits
from semcom.studies.link_graph import run
from semcom.studies.link_point import LinkPoint
from semcom.transceivers import Uncoded
from semcom_channels import Streams, Tdl, Trace
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.channel import Joint
from semcom_channels.flat import FlatRealisation
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


def line_of_sight(rng: np.random.Generator, snr_db: float, antennas: int) -> tuple[np.ndarray, np.ndarray]:
    """200 channels of rank one but for scattering 22 dB below, as CDL-E is, and QPSK that passed them, in complex64."""
    ends = [
        np.exp(1j * np.pi * np.outer(np.sin(angles), np.arange(antennas))) for angles in rng.uniform(-1, 1, (2, 200))
    ]
    h = ends[0][:, :, None] * ends[1][:, None, :] + 10.0**-1.1 * normal(rng, 200, antennas, antennas)
    h *= 10.0 ** (snr_db / 20.0) / antennas**0.5
    y = (h @ qpsk(rng, 200, antennas, 1))[..., 0] + normal(rng, 200, antennas)
    return y.astype(np.complex64), h.astype(np.complex64)


def in_double(kind: str, y: np.ndarray, h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symbols and noise by the textbook in NumPy's complex128."""
    wide = h.astype(np.complex128)
    inner = np.eye(h.shape[-1]) if kind == "lmmse" else 0.0
    inverse = np.linalg.inv(np.swapaxes(wide, 1, 2).conj() @ wide + inner)
    left = np.diagonal(inverse, axis1=1, axis2=2).real
    own = 1.0 - left if kind == "lmmse" else np.ones(1)
    return (inverse @ np.swapaxes(wide, 1, 2).conj() @ y[..., None])[..., 0] / own, left / own


@pytest.mark.parametrize("antennas", [2, 8, 16])
@pytest.mark.parametrize("snr_db", [0.0, 40.0, 70.0])
@pytest.mark.parametrize("detector", [ZeroForcing(), Lmmse()], ids=lambda detector: detector.kind)
def test_detectors_are_as_exact_as_double_precision_at_any_snr(
    detector: Detector, snr_db: float, antennas: int, rng: np.random.Generator
) -> None:
    """Single precision loses H* H + I, whose condition is 2e9 at 70 dB; what it rounds is 1e-7 of a symbol."""
    y, h = line_of_sight(rng, snr_db, antennas)
    x, no = detector.separate(tf.constant(y), tf.constant(h))
    symbols, noise = in_double(detector.kind, y, h)
    np.testing.assert_allclose(no, noise, rtol=1e-4)
    np.testing.assert_allclose(x, symbols, atol=1e-4 * float(np.abs(symbols).max()))


@pytest.mark.parametrize("detector", [ZeroForcing(), Lmmse(), KBest()], ids=lambda detector: detector.kind)
@pytest.mark.parametrize("snr_db", [0.0, 70.0])
def test_streams_that_arrive_alike_hear_each_other_as_noise(
    detector: Detector, snr_db: float, rng: np.random.Generator
) -> None:
    """The first gets x1 + x2 e^j + h* w / |h|^2: noise of 1 + 1 / |h|^2, of the pseudo-inverse and beside I alike."""
    h = 10.0 ** (snr_db / 20.0) * normal(rng, 100, 4, 1)
    power = np.sum(np.abs(h) ** 2, axis=(1, 2))[:, None]
    sent = qpsk(rng, 100, 2, 1)
    turn = np.array([1.0, np.exp(1j)])
    both = h * turn  # alike but for a phase, and for what complex64 rounds
    y = (both @ sent)[..., 0] + normal(rng, 100, 4)
    x, no = detector.separate(tf.constant(y, tf.complex64), tf.constant(both, tf.complex64))
    np.testing.assert_allclose(no, np.broadcast_to(1.0 + 1.0 / power, no.shape), rtol=1e-4)
    matched = np.sum(np.conj(h[..., 0]) * y, axis=1, keepdims=True) / power
    np.testing.assert_allclose(x, matched * turn.conj(), atol=1e-3)


@pytest.mark.parametrize("detector", [ZeroForcing(), Lmmse(), KBest()], ids=lambda detector: detector.kind)
def test_a_stream_that_does_not_arrive_says_nothing_and_leaves_the_others_alone(
    detector: Detector, rng: np.random.Generator
) -> None:
    h = np.concatenate([100.0 * normal(rng, 50, 4, 1), np.zeros((50, 4, 1))], axis=2).astype(np.complex64)
    y = normal(rng, 50, 4).astype(np.complex64)
    x, no = (np.asarray(value) for value in detector.separate(tf.constant(y), tf.constant(h)))
    alone = combined(tf.constant(y), tf.constant(h[..., :1]))
    np.testing.assert_allclose(x[:, 0], alone[0][:, 0], rtol=1e-4)
    np.testing.assert_allclose(no[:, 0], alone[1][:, 0], rtol=1e-4)
    np.testing.assert_allclose(x[:, 1], 0.0)
    np.testing.assert_allclose(no[:, 1], 1e12, rtol=1e-3)


def test_a_gain_of_nought_gives_symbols_of_nought() -> None:
    gain = tf.constant([[0.0], [2.0]], tf.complex64)
    realisation = FlatRealisation(gain, tf.zeros((2, 3), tf.complex64), tf.constant(0.1))
    received = Perfect().receive(tf.ones((2, 3), tf.complex64), realisation)
    np.testing.assert_array_equal(received.y, [[0.0] * 3, [0.5] * 3])
    np.testing.assert_allclose(received.no, [[1e11] * 3, [0.025] * 3], rtol=1e-6)


def test_zero_forcing_says_where_there_is_no_inverse_and_the_record_keeps_it(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    """Of 40 snapshots half are of rank one: so are half of the units, give or take."""
    gains = normal(rng, 40, 3, 2, 12)
    gains[::2, :, 1] = 2.0 * gains[::2, :, 0]
    np.savez(tmp_path / "gains.npz", gains=gains.astype(np.complex64))
    channel = Trace(file=str(tmp_path / "gains.npz"), grid=SMALL)
    sent: dict[str, Any] = {"source": RandomBits(), "transceiver": Uncoded(), "metrics": (), "batch": 1}
    point = LinkPoint(channel=channel, receiver=Perfect(detector=ZeroForcing()), snr_db=20.0, **sent)
    (said,) = point.cautions()
    share = float(said.removeprefix("zf finds no inverse at ").split()[0])
    assert said.endswith(" of the resource elements; the pseudo-inverse leaves interference")
    assert_rate(round(32 * share), 32, 0.5)  # of 32 units
    assert Perfect(detector=Lmmse()).cautions(channel, 20.0) == ()
    regular = Tdl(terminal=TWO, base=TWO, grid=SMALL)
    assert LeastSquares(detector=ZeroForcing()).cautions(regular, 0.0) == ()
