"""Scenes by contract, and what each of them promises."""

import numpy as np
import pytest

from semcom.scenes import KINDS, SCENES, Scene
from semcom.scenes.crossed import CELLS, Crossed
from semcom.scenes.pairs import Pairs
from semcom.scenes.road import Road
from semcom.scenes.uniform import Uniform, nearest_bins
from semcom_channels.spec import name_of
from semcom_estimation.sensing.signal_model import SignalModel

MODEL = SignalModel.read(
    {
        "modes": [
            {"kind": "angle", "length": 16, "view_deg": [30, 150]},
            {"kind": "delay", "length": 128, "spacing_hz": 60e3, "view_s": [0.0, 1.4e-6]},
            {"kind": "doppler", "length": 64, "symbol_s": 15 / 14 / 60e3, "view_hz": [-700.0, 3000.0]},
        ],
        "geometry": "bistatic",
    }
)


@pytest.mark.parametrize("name", [name_of(kind) for kind in KINDS])
def test_scenes_draw_targets_of_unit_power_in_the_field_of_view(name: str, rng: np.random.Generator) -> None:
    kind = SCENES.kinds[name]
    scene = kind.read({"kind": name})
    assert isinstance(scene, Scene)
    assert scene.check(MODEL) is None
    low, high = np.array(MODEL.views).T
    for _ in range(20):
        truth = scene.draw(MODEL, rng)
        assert truth.frequencies.shape == (scene.count(), 3)
        assert (truth.frequencies >= low).all()
        assert (truth.frequencies <= high).all()
        if scene.count():
            assert np.sum(np.abs(truth.gains) ** 2) == pytest.approx(1.0)


def test_equal_draws_come_of_equal_streams() -> None:
    for name in ("uniform", "pairs", "crossed", "road"):
        scene = SCENES.kinds[name].read({"kind": name})
        assert isinstance(scene, Scene)
        one, other = (scene.draw(MODEL, np.random.default_rng(5)) for _ in range(2))
        np.testing.assert_array_equal(one.frequencies, other.frequencies)
        np.testing.assert_array_equal(one.gains, other.gains)


def test_uniform_targets_are_apart_share_what_they_should_and_span_the_power(rng: np.random.Generator) -> None:
    scene = Uniform(targets=5, separation_bins=2.0, power_spread_db=20.0, shared=("doppler",))
    truth = scene.draw(MODEL, rng)
    assert nearest_bins(truth.frequencies, MODEL) >= 2.0
    assert np.ptp(truth.frequencies[:, 2]) == 0.0
    powers = np.abs(truth.gains) ** 2
    np.testing.assert_allclose(10.0 * np.log10(powers[0] / powers), [0.0, 5.0, 10.0, 15.0, 20.0])


def test_pairs_are_so_many_bins_apart_in_every_mode(rng: np.random.Generator) -> None:
    truth = Pairs(pairs=3, within_bins=0.4).draw(MODEL, rng)
    step = (truth.frequencies[3:] - truth.frequencies[:3]) * np.array(MODEL.shape)
    np.testing.assert_allclose(step, 0.4)


@pytest.mark.parametrize("pattern", list(CELLS))
def test_crossed_targets_share_parameters_as_their_pattern_says(pattern: str, rng: np.random.Generator) -> None:
    truth = Crossed.read({"kind": "crossed", "pattern": pattern}).draw(MODEL, rng)
    cells = np.array(CELLS[pattern])
    for axis in range(3):
        same = truth.frequencies[:, None, axis] == truth.frequencies[:, axis]
        np.testing.assert_array_equal(same, cells[:, None, axis] == cells[:, axis])


def test_every_other_object_of_a_road_stands_still(rng: np.random.Generator) -> None:
    truth = Road(objects=6).draw(MODEL, rng)
    speeds = MODEL.parameters(truth.frequencies)["speed_m_s"]
    np.testing.assert_allclose(speeds[1::2], 0.0, atol=1e-9)
    assert (speeds[::2] > 0.0).all()
    assert (speeds <= 25.0 / 3.6 + 1e-9).all()


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        (Uniform(shared=("azimuth",)), "shared has azimuth; the model's modes are angle, delay, doppler"),
        (Uniform(shared=("angle", "delay", "doppler")), "targets would coincide"),
        (Pairs(within_bins=4.0), "within_bins is 4; the field of view of angle has"),
        (Crossed(pattern="same_delay_and_doppler"), "has 3 values of angle"),
        (Road(), "objects are outside the field of view of angle"),
    ],
)
def test_scenes_that_do_not_fit_say_so(scene: Scene, words: str) -> None:
    narrow = MODEL.plain()
    narrow["modes"][0]["view_deg"] = [80, 95]
    narrow["modes"][2]["view_hz"] = [-700, 1500]
    said = scene.check(SignalModel.read(narrow))
    assert said is not None
    assert words in said


def test_a_scene_without_room_says_so(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="no room for 100 targets 9 bins apart"):
        Uniform(targets=100, separation_bins=9.0).draw(MODEL, rng)
