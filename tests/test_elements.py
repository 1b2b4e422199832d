"""Elements of the channel from a frame: their noise, which of them are used, and targets found through them."""

from typing import Any

import numpy as np
import pytest

from near import assert_mean
from semcom_channels import PointTargets, Streams
from semcom_channels.arrays import Ula
from semcom_channels.backend import tf
from semcom_channels.layout import layout_of
from semcom_channels.modulation import modulate
from semcom_channels.ofdm_grid import OfdmGrid
from semcom_channels.target_realisation import TargetRealisation
from semcom_estimation.sensing import Plain
from semcom_estimation.sensing.elements import KINDS, Division, Element, MatchedFilter, Weighting
from semcom_estimation.sensing.pattern import known_elements, regular
from semcom_estimation.sensing.view import View

every_element = pytest.mark.parametrize("element", [kind() for kind in KINDS], ids=lambda kind: kind.kind)
GRID = {"subcarriers": 64, "subcarrier_spacing_hz": 120e3, "pilots": {"symbols": [0, 7]}}
USES = 2 * 12 * 64  # two slots full of data


RADAR = Ula(elements=8)


def qam(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """16-QAM of unit mean power."""
    levels = np.array([-3.0, -1.0, 1.0, 3.0]) / np.sqrt(10.0)
    return np.asarray((rng.choice(levels, shape) + 1j * rng.choice(levels, shape)).astype(np.complex64))


def scene(**fields: Any) -> PointTargets:
    targets = [
        {"range_m": 40.0, "speed_m_s": 12.0, "azimuth_deg": -20.0, "rcs_m2": 2.0},
        {"range_m": 90.0, "speed_m_s": -7.0, "azimuth_deg": 10.0, "rcs_m2": 30.0},
    ]
    plain = {"kind": "point_targets", "carrier_hz": 26e9, "grid": GRID, "targets": targets, "radar": RADAR.plain()}
    return PointTargets.read({**plain, **fields})


@every_element
@pytest.mark.parametrize("snr", [0.3, 10.0])
def test_an_element_has_the_noise_that_is_stated(element: Element, snr: float, rng: np.random.Generator) -> None:
    """Errors of 200 frames of 16-QAM against what each frame states."""
    excess = []
    for _ in range(200):
        sent = qam(rng, (14, 64))
        h = np.sqrt(snr) * np.exp(2j * np.pi * (0.21 * np.arange(14)[:, None] + 0.13 * np.arange(64)))
        noise = (rng.standard_normal(sent.shape) + 1j * rng.standard_normal(sent.shape)) / np.sqrt(2.0)
        measured = element.estimate((h * sent + noise).astype(np.complex64), sent, 1.0)
        excess.append(np.mean(np.abs(measured.tensor - h) ** 2) - measured.noise_variance)
    assert_mean(excess, 0.0)


def test_stated_noise_of_16_qam_is_its_closed_form(rng: np.random.Generator) -> None:
    """E 1/|X|^2 = 17/9 for the division, and E|X|^4 = 1.32 for what data leave the matched filter."""
    sent, tone = qam(rng, (400, 400)), np.full((400, 400), 2.0 + 0j)
    heard = (tone * sent).astype(np.complex64)
    assert_mean(1.0 / np.abs(sent) ** 2, 17.0 / 9.0)
    inverse = float(np.mean(1.0 / np.abs(sent).astype(float) ** 2))
    assert Division().estimate(heard, sent, 0.5).noise_variance == pytest.approx(0.5 * inverse, rel=1e-5)
    powers = np.abs(sent).astype(float) ** 2
    own = np.mean(powers**2) / np.mean(powers) ** 2 - 1.0
    assert MatchedFilter().estimate(heard, sent, 0.0).noise_variance == pytest.approx(4.0 * own, rel=1e-5)
    assert own == pytest.approx(0.32, abs=0.02)


def test_weighting_has_the_least_noise_and_ends_at_division_and_the_matched_filter(rng: np.random.Generator) -> None:
    sent = qam(rng, (14, 64))
    noise = (rng.standard_normal(sent.shape) + 1j * rng.standard_normal(sent.shape)) / np.sqrt(2.0)
    for snr in (0.1, 1.0, 10.0, 100.0):
        heard = (np.sqrt(snr) * sent + noise).astype(np.complex64)
        least, *others = (
            kind().estimate(heard, sent, 1.0).noise_variance for kind in (Weighting, Division, MatchedFilter)
        )
        assert least < min(others)
    clean = (2.0 * sent).astype(np.complex64)
    np.testing.assert_allclose(Weighting().estimate(clean, sent, 0.0).tensor, 2.0, rtol=1e-5)
    alone = Weighting().estimate(noise.astype(np.complex64), sent, 10.0)
    np.testing.assert_allclose(alone.tensor, MatchedFilter().estimate(noise, sent, 10.0).tensor, rtol=1e-5)


@every_element
def test_elements_beside_all_targets_have_noise_alone(element: Element, rng: np.random.Generator) -> None:
    """Without noise they are the targets; with it weighting has the least of all, N0 over the mean power."""
    sent, h = qam(rng, (14, 64)), np.full((14, 64), 3.0 + 0j)
    clean = element.beside((h * sent).astype(np.complex64), sent, 0.0, h)
    np.testing.assert_allclose(clean.tensor, h, rtol=1e-5)
    noise = (rng.standard_normal(sent.shape) + 1j * rng.standard_normal(sent.shape)) / np.sqrt(2.0)
    heard = (h * sent + noise).astype(np.complex64)
    alone = element.estimate(noise.astype(np.complex64), sent, 1.0)
    beside = element.beside(heard, sent, 1.0, h)
    np.testing.assert_allclose(beside.tensor - h, alone.tensor, atol=1e-4)
    assert beside.noise_variance == pytest.approx(alone.noise_variance, rel=1e-4)
    if element.kind == "weighting":
        assert (
            beside.noise_variance < 1.1 / np.mean(np.abs(sent) ** 2) < element.estimate(heard, sent, 1.0).noise_variance
        )


@every_element
def test_constant_modulus_makes_all_of_them_the_same(element: Element, rng: np.random.Generator) -> None:
    sent = np.exp(0.5j * np.pi * rng.integers(4, size=(14, 64))).astype(np.complex64)
    heard = qam(rng, (3, 14, 64))
    measured = element.estimate(heard, sent, 0.2)
    np.testing.assert_allclose(measured.tensor, heard / sent, rtol=1e-5)
    assert measured.noise_variance == pytest.approx(0.2, rel=1e-5)


@every_element
def test_elements_that_are_empty_are_refused(element: Element) -> None:
    sent = np.ones((4, 5), np.complex64)
    sent[2, 3] = 0.0
    with pytest.raises(ValueError, match="1 of 20 elements are empty"):
        element.estimate(sent, sent, 1.0)
    with pytest.raises(ValueError, match="noise_power is -1; expected 0 or more"):
        element.estimate(sent, np.ones_like(sent), -1.0)


CASES = [("frame", 1), ("pilots", 1), ("pilots", 4)]


@pytest.mark.parametrize(("known", "spacing"), CASES)
def test_a_frame_without_noise_gives_its_targets_back(
    known: Any, spacing: int, streams: Streams, rng: np.random.Generator
) -> None:
    """The whole frame of 16-QAM, or pilots on a comb: a coarser mode with the same ranges and speeds."""
    channel = scene(grid={**GRID, "pilots": {"symbols": [0, 7], "spacing": spacing}})
    found = channel.draw((1, USES), tf.constant(0.0), streams)
    assert isinstance(found, TargetRealisation)
    bits = tf.constant(rng.integers(2, size=(1, 4 * USES)), tf.float32)
    symbols = modulate(bits, "16qam")
    sent = found.layout.filled(symbols).numpy()
    echoes = (found.echo_gain().numpy()[:, :, 0] * sent).transpose(1, 0, 2, 3).reshape(8, -1, 64)
    pattern = regular(known_elements(found.layout, known), channel.grid)
    model = View().model(channel.grid, pattern, RADAR, channel.carrier_hz, "monostatic")
    tensor = Division().estimate(pattern.of(echoes), pattern.of(sent.reshape(-1, 64)), 0.0).tensor
    estimate = Plain().estimate(tensor.reshape(model.shape), model, targets=2)
    order = np.argsort(estimate.parameters["range_m"])
    np.testing.assert_allclose(estimate.parameters["range_m"][order], [40.0, 90.0], rtol=1e-6)
    np.testing.assert_allclose(estimate.parameters["azimuth_deg"][order], [-20.0, 10.0], rtol=1e-6)
    bin_m_s = 299_792_458.0 / 2.0 / 26e9 / (28 * channel.grid.symbol_s)
    np.testing.assert_allclose(estimate.parameters["speed_m_s"][order], [12.0, -7.0], atol=1e-6 * bin_m_s)


def test_a_comb_narrows_what_ranges_are_told_apart(streams: Streams) -> None:
    channel = scene(grid={**GRID, "pilots": {"symbols": [0, 7], "spacing": 4}})
    pattern = regular(known_elements(layout_of(channel, USES), "pilots"), channel.grid)
    assert (pattern.subcarriers, pattern.symbols) == ((0, 4, 16), (0, 7, 4))

    def seen(far_m: float) -> Any:
        view = View(range_m=(0.0, far_m))
        return view.model(channel.grid, pattern, RADAR, channel.carrier_hz, "monostatic")

    unambiguous_m = 299_792_458.0 / 2.0 / (4 * 120e3)
    assert seen(unambiguous_m).shape == (8, 16, 4)
    with pytest.raises(ValueError, match="beyond 1 targets are ambiguous"):
        seen(1.1 * unambiguous_m)


def test_symbols_that_are_known_in_part_are_left_out() -> None:
    channel = scene()
    pattern = regular(known_elements(layout_of(channel, USES - 70), "frame"), channel.grid)
    assert pattern.symbols == (0, 1, 26)  # of 28; symbol 26 holds 58 and 27 none
    assert pattern.subcarriers == (0, 1, 64)


def test_a_frame_ends_with_its_last_data() -> None:
    """A third slot of 100 data: symbol 0 with pilots and a whole one; the pilots of symbol 7 come too late."""
    channel = scene()
    known = known_elements(layout_of(channel, USES + 100), "frame")
    assert known.sum(axis=1).tolist() == [64] * 30 + [36] + [0] * 11
    assert regular(known, channel.grid).symbols == (0, 1, 30)


@pytest.mark.parametrize(
    ("grid", "known", "said"),
    [
        (
            {"pilots": {"symbols": [2, 11]}},
            "pilots",
            "the known symbols are 5, 9 apart in turn; sensing needs equal steps",
        ),
        ({"null_dc": True}, "frame", "the known subcarriers are 1, 2 apart in turn"),
        ({"pilots": {"symbols": []}}, "pilots", "no element is known; sensing from pilots needs pilots.symbols"),
    ],
)
def test_holes_that_break_the_steps_are_refused(grid: dict[str, Any], known: Any, said: str) -> None:
    channel = scene(grid={**GRID, **grid})
    with pytest.raises(ValueError, match=said):
        regular(known_elements(layout_of(channel, USES), known), channel.grid)


def test_pauses_of_the_sender_are_refused_and_a_pause_at_the_end_is_not() -> None:
    grid = OfdmGrid.read(GRID)
    known = np.ones((42, 64), bool)
    known[30:] = False
    assert regular(known, grid).symbols == (0, 1, 30)
    with pytest.raises(ValueError, match="no pause of the sender within a frame"):
        regular(np.concatenate([known, known]), grid)


def test_several_streams_are_refused() -> None:
    two = {"kind": "ula", "elements": 2}
    channel = scene(base=two, terminal=two)
    with pytest.raises(ValueError, match="2 streams share each element"):
        known_elements(layout_of(channel, USES), "frame")
