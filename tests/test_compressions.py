"""Compressions: white noise stays white, tones stay tones, and bounds grow as stated."""

import math

import numpy as np
import pytest
from scipy.signal import windows

from near import assert_mean
from semcom_channels.spec import name_of
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.compression import (
    KINDS,
    Average,
    Beamspace,
    Compression,
    Decimate,
    Dpss,
    Hosvd,
    Polyphase,
    Smooth,
    Uncompressed,
)
from semcom_estimation.sensing.compression.maps import compressed_by
from semcom_estimation.sensing.compression.slepian import prolate, slepian_map
from semcom_estimation.sensing.fisher import covariances, grams, information
from semcom_estimation.sensing.plain import Plain
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, steering, synthesised

MODEL = SignalModel.read(
    {
        "modes": [
            {"kind": "angle", "length": 8, "view_deg": [30, 150]},
            {"kind": "delay", "length": 50, "spacing_hz": 60e3, "view_s": [0.0, 1.5e-6]},
            {"kind": "doppler", "length": 64, "symbol_s": 1e-4, "view_hz": [-500, 500]},
        ]
    }
)
FACTORS = (1, 3, 4)
FIXED: list[Compression] = [
    Uncompressed(),
    Dpss(),
    Decimate(factors=FACTORS),
    Average(factors=FACTORS),
    Polyphase(factors=FACTORS),
    Smooth(factors=FACTORS),
    Beamspace(),
]
LINEAR = [Decimate(factors=FACTORS), Average(factors=FACTORS), Beamspace(spare=1)]


def named(compression: Compression) -> str:
    return compression.kind


def noise(rng: np.random.Generator) -> np.ndarray:
    pair = rng.standard_normal((2, *MODEL.shape)) * math.sqrt(0.5)
    return np.asarray(pair[0] + 1j * pair[1])


def target(frequencies: np.ndarray) -> np.ndarray:
    """Of the gain 1 at the middle of the tensor."""
    responses = [steering(length, frequencies[axis : axis + 1]) for axis, length in enumerate(MODEL.shape)]
    return synthesised(responses, np.ones(1, complex))


def anywhere(rng: np.random.Generator) -> np.ndarray:
    low, high = np.array(MODEL.views).T
    return np.asarray(low + (high - low) * rng.random(3))


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_every_kind_works_with_its_defaults_on_tensors_of_either_precision(
    kind: type[Compression], rng: np.random.Generator
) -> None:
    compression = kind.read({"kind": name_of(kind)})
    assert kind.read(compression.plain()) == compression
    tensor = target(anywhere(rng)) + noise(rng)
    wide = compression.compress(tensor, MODEL)
    narrow = compression.compress(tensor.astype(np.complex64), MODEL)
    assert wide.tensor.dtype == narrow.tensor.dtype == np.complex128
    assert wide.tensor.shape == (*(one.kept for one in wide.maps), wide.snapshots)
    assert len(compression.growth(MODEL)) == 3
    assert min(compression.growth(MODEL)) >= 1.0 - 1e-12
    assert np.sum(np.abs(narrow.tensor) ** 2) == pytest.approx(np.sum(np.abs(wide.tensor) ** 2), rel=1e-4)
    assert (wide.snapshots > 1) == compression.gives_snapshots
    assert not compression.keeps_tones or None not in [one.step for one in wide.maps]


@pytest.mark.parametrize("compression", FIXED, ids=named)
def test_white_noise_stays_white(compression: Compression, rng: np.random.Generator) -> None:
    """Rows are orthonormal, so power per sample stays 1, and neighbours within a snapshot stay uncorrelated."""
    small = compression.compress(noise(rng), MODEL)
    for one in small.maps:
        if one.matrix is not None:
            np.testing.assert_allclose(one.matrix @ one.matrix.conj().T, np.eye(one.kept), atol=1e-9)
    first = small.tensor[..., 0]
    assert_mean(np.abs(first) ** 2, 1.0)
    for axis in range(3):
        ahead = np.moveaxis(first, axis, 0)
        products = ahead[0::2][: len(ahead) // 2] * ahead[1::2].conj()
        assert_mean(products.real, 0.0)
        assert_mean(products.imag, 0.0)


@pytest.mark.parametrize("compression", FIXED, ids=named)
def test_the_first_snapshot_is_what_the_maps_say(compression: Compression, rng: np.random.Generator) -> None:
    frequencies = anywhere(rng)
    small = compression.compress(target(frequencies), MODEL)
    responses = [one.respond(frequencies[axis : axis + 1]) for axis, one in enumerate(small.maps)]
    np.testing.assert_allclose(small.tensor[..., 0], synthesised(responses, np.ones(1, complex)), atol=1e-8)


@pytest.mark.parametrize("compression", [one for one in FIXED if one.keeps_tones], ids=named)
def test_tones_stay_tones_in_every_snapshot(compression: Compression, rng: np.random.Generator) -> None:
    frequencies = anywhere(rng)
    small = compression.compress(target(frequencies), MODEL)
    for axis, one in enumerate(small.maps):
        assert one.step is not None
        along = np.moveaxis(small.tensor, axis, 0)
        np.testing.assert_allclose(along[1:] / along[:-1], np.exp(2j * np.pi * frequencies[axis] * one.step), atol=1e-9)


@pytest.mark.parametrize("compression", LINEAR, ids=named)
def test_linear_kinds_grow_as_the_joint_bound_in_the_small_tensor(compression: Decimate | Average | Beamspace) -> None:
    """Against the Fisher matrix of one target, over a grid of the fields of view that holds their ends."""
    grids = [np.linspace(*view, 17) for view in MODEL.views]
    ends = [np.array([grid[0], grid[8], grid[-1]]) for grid in grids]
    maps = compression.maps(MODEL)
    worst = np.zeros(3)
    for frequencies in np.stack(np.meshgrid(ends[0], grids[1], grids[2], indexing="ij"), -1).reshape(-1, 1, 3):
        whole = np.diag(cramer_rao(MODEL, frequencies, np.ones(1, complex), 1.0)[0])
        responses = [one.respond(frequencies[:, axis]) for axis, one in enumerate(maps)]
        small = np.diag(covariances(information(grams(responses), np.ones(1, complex)), 1.0, 3)[0])
        worst = np.maximum(worst, np.sqrt(small / whole))
    stated = np.array(compression.growth(MODEL))
    assert (worst <= stated * (1.0 + 1e-9)).all()
    np.testing.assert_allclose(stated, worst, rtol=0.02)


def test_averages_keep_what_the_dirichlet_kernel_says(rng: np.random.Generator) -> None:
    frequencies = anywhere(rng)
    small = Average(factors=(1, 5, 4)).compress(target(frequencies), MODEL)
    kept = np.sum(np.abs(small.tensor) ** 2) / MODEL.size
    expected = 1.0
    for frequency, factor in zip(frequencies[1:], (5, 4), strict=True):
        expected *= (np.sin(np.pi * frequency * factor) / (factor * np.sin(np.pi * frequency))) ** 2
    assert kept == pytest.approx(expected, rel=1e-9)


def test_shifts_of_decimation_lose_almost_nothing_and_decimation_the_factor() -> None:
    """Closed forms where factors divide lengths: (N^2 - 1) / (N^2 - D^2), and energy over D."""
    factors = (1, 5, 4)
    shifted = Polyphase(factors=factors).growth(MODEL)
    for length, factor, grown in zip(MODEL.shape, factors, shifted, strict=True):
        assert grown == pytest.approx(math.sqrt((length**2 - 1.0) / (length**2 - factor**2)), rel=1e-12)
    decimated = Decimate(factors=factors).growth(MODEL)
    np.testing.assert_allclose(np.array(decimated), np.array(shifted) * math.sqrt(20.0), rtol=1e-9)


def test_all_samples_are_in_the_shifts_once(rng: np.random.Generator) -> None:
    tensor = noise(rng)
    small = Polyphase(factors=(1, 5, 4)).compress(tensor, MODEL)
    assert small.tensor.shape == (8, 10, 16, 20)
    np.testing.assert_array_equal(np.sort_complex(small.tensor.ravel()), np.sort_complex(tensor.ravel()))
    np.testing.assert_array_equal(small.tensor[..., 7], tensor[:, 1::5, 3::4])  # 7 = 1 * 4 + 3


def test_sub_arrays_are_shifts_by_one(rng: np.random.Generator) -> None:
    tensor = noise(rng)
    small = Smooth(factors=(2, 1, 3)).compress(tensor, MODEL)
    np.testing.assert_array_equal(small.tensor[..., 5], tensor[1:, :, 2:])
    grown = Smooth(factors=(1, 1, 33)).growth(MODEL)
    assert grown[2] == pytest.approx(math.sqrt(64 * (64**2 - 1) / (32 * (32**2 - 1))))
    assert grown[0] == pytest.approx(math.sqrt(2.0))


@pytest.mark.parametrize(("length", "bandwidth", "count"), [(2, 0.01, 1), (7, 0.2, 7), (64, 1e-4, 6), (180, 0.036, 29)])
def test_prolate_sequences_are_those_of_scipy(length: int, bandwidth: float, count: int) -> None:
    """But for signs; and they are eigenvectors of the sinc kernel, whose eigenvalues are the energy in the band."""
    found, wanted = prolate(length, bandwidth, count), windows.dpss(length, length * bandwidth, count)
    np.testing.assert_allclose(np.abs(np.sum(found * wanted, axis=1)), 1.0, atol=1e-9)
    np.testing.assert_allclose(found @ found.T, np.eye(count), atol=1e-10)
    apart = np.subtract.outer(np.arange(length), np.arange(length))
    kernel = 2.0 * bandwidth * np.sinc(2.0 * bandwidth * apart)
    energies = np.sum(found @ kernel * found, axis=1)
    np.testing.assert_allclose(found @ kernel, energies[:, None] * found, atol=1e-9)
    assert (np.diff(energies) < 1e-12).all()


def test_hosvd_projects_on_leading_singular_vectors(rng: np.random.Generator) -> None:
    """The mode that is truncated alone is projected as the SVD says; what is lost is the tail of its spectrum."""
    tensor = target(anywhere(rng)) + 0.5 * noise(rng)
    small = Hosvd(ranks=(8, 6, 64)).compress(tensor, MODEL)
    singular = np.linalg.svd(np.moveaxis(tensor, 1, 0).reshape(50, -1), compute_uv=False)
    assert np.sum(np.abs(small.tensor) ** 2) == pytest.approx(np.sum(singular[:6] ** 2), rel=1e-10)


def test_hosvd_loses_nothing_of_as_many_targets_as_its_rank(rng: np.random.Generator) -> None:
    tensor = target(anywhere(rng)) + target(anywhere(rng))
    small = Hosvd(ranks=(2, 2, 2)).compress(tensor, MODEL)
    assert small.tensor.shape == (2, 2, 2, 1)
    assert np.sum(np.abs(small.tensor) ** 2) == pytest.approx(np.sum(np.abs(tensor) ** 2), rel=1e-10)


@pytest.mark.parametrize(
    ("compression", "said"),
    [
        (Average(factors=(1, 4)), "average: factors has 2 numbers; the model has 3 modes"),
        (Decimate(factors=(8, 1, 1)), "decimate: the factor 8 leaves less than 2 of the 8 samples of angle"),
        (Decimate(factors=(4, 1, 1)), "decimate: the factor 4 of angle makes its field of view ambiguous"),
        (Average(factors=(1, 9, 1)), "average: the factor 9 of delay averages over 0.81 cycles at the end"),
        (Hosvd(ranks=(4,)), "hosvd: ranks has 1 numbers; the model has 3 modes"),
    ],
    ids=str,
)
def test_factors_that_do_not_fit_are_refused(compression: Compression, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        compression.compress(np.ones(MODEL.shape, complex), MODEL)
    assert said.partition(": ")[2] in (compression.check(MODEL) or "")


def test_the_joint_search_refuses_snapshots() -> None:
    said = Plain(compression=Polyphase()).check(MODEL)
    assert said == "polyphase makes snapshots; the joint search takes one. Choose another compression"
    assert Plain(compression=Average(factors=(1,))).check(MODEL) == "factors has 1 numbers; the model has 3 modes"
    assert Plain().check(MODEL) is None


@pytest.mark.parametrize("kind", [np.complex64, np.complex128])
def test_two_stages_are_the_map_that_they_say(kind: type, rng: np.random.Generator) -> None:
    """Blocks of a mode, then all of it; rows stay orthonormal and the sequences keep their subspace."""
    views = ((-0.07, 0.0), (-0.1, 0.1), (-0.0006, 0.011))
    maps = tuple(slepian_map(length, view, 1.01) for length, view in zip((256, 6, 560), views, strict=True))
    assert [one.stages is not None for one in maps] == [True, False, True]
    tensor: np.ndarray = (rng.standard_normal((256, 6, 560, 2)) @ [1.0, 1j]).astype(kind)
    plain = tuple(ModeMap(one.length, one.matrix, None) for one in maps)
    error = np.linalg.norm(compressed_by(tensor, maps) - compressed_by(tensor, plain))
    assert error < 20.0 * np.finfo(kind).eps * np.linalg.norm(tensor)
    for one, (low, high) in zip(maps, views, strict=True):
        if one.stages is not None:
            assert one.matrix is not None
            np.testing.assert_allclose(one.matrix @ one.matrix.conj().T, np.eye(one.kept), atol=1e-13)
            turn = np.exp(-1j * np.pi * (low + high) * (np.arange(one.length) - (one.length - 1) / 2.0))
            exact = prolate(one.length, (high - low) / 2.0, one.kept) * turn
            assert np.linalg.norm(exact - (exact @ one.matrix.conj().T) @ one.matrix) < 1e-5
