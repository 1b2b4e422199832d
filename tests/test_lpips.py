"""LPIPS: the distance against NumPy and SciPy, the weights' files, and what it says when something is missing."""

import sys
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy import signal

from semcom.errors import UserError
from semcom.metrics import Lpips, Sent, lpips_weights
from semcom.metrics.lpips_distance import distance
from semcom.metrics.lpips_weights import LpipsWeights, read_weights
from semcom_channels.backend import tf

PHOTOGRAPH = (64, 48, 3)
SIZES = (11, 5, 3, 3, 3)
STRIDES = (4, 1, 1, 1, 1)
PADDINGS = (2, 2, 1, 1, 1)
FILTERS = (3, 4, 5, 6, 5, 4)


@pytest.fixture
def weights(rng: np.random.Generator) -> LpipsWeights:
    """Random weights of a narrow AlexNet."""
    kernels = [
        rng.normal(0.0, 0.1, (size, size, before, after)).astype(np.float32)
        for size, before, after in zip(SIZES, FILTERS[:-1], FILTERS[1:], strict=True)
    ]
    biases = [rng.normal(0.0, 0.1, after).astype(np.float32) for after in FILTERS[1:]]
    linear = [rng.uniform(0.0, 1.0, after).astype(np.float32) for after in FILTERS[1:]]
    return LpipsWeights(tuple(kernels), tuple(biases), tuple(linear))


@pytest.fixture
def pictures(rng: np.random.Generator) -> Any:
    return rng.uniform(size=(2, 3, *PHOTOGRAPH)).astype(np.float32)


def convolved(values: Any, kernel: Any, bias: Any, stride: int, padding: int) -> Any:
    """A rectified convolution of `[height, width, from]`, one filter after the other."""
    padded = np.pad(values, ((padding, padding), (padding, padding), (0, 0)))
    maps = [signal.correlate(padded, kernel[..., filter_], "valid")[..., 0] for filter_ in range(kernel.shape[3])]
    return np.maximum(np.stack(maps, axis=-1)[::stride, ::stride] + bias, 0.0)


def pooled(values: Any) -> Any:
    """The maximum of 3x3 places at every second place."""
    windows = np.lib.stride_tricks.sliding_window_view(values, (3, 3), axis=(0, 1))
    return windows.max(axis=(3, 4))[::2, ::2]


def slow_features(picture: Any, weights: LpipsWeights) -> list[Any]:
    values = (picture.astype(np.float64) * 2 - 1 - [-0.030, -0.088, -0.188]) / [0.458, 0.448, 0.450]
    seen = []
    for layer, (kernel, bias) in enumerate(zip(weights.kernels, weights.biases, strict=True)):
        values = pooled(values) if layer in (1, 2) else values
        values = convolved(values, kernel.astype(np.float64), bias, STRIDES[layer], PADDINGS[layer])
        seen.append(values)
    return seen


def slow_distance(picture: Any, other: Any, weights: LpipsWeights) -> float:
    total = 0.0
    for mine, theirs, linear in zip(
        slow_features(picture, weights), slow_features(other, weights), weights.linear, strict=True
    ):
        mine, theirs = (f / np.maximum(np.linalg.norm(f, axis=2, keepdims=True), 1e-12) for f in (mine, theirs))
        total += float(np.mean((mine - theirs) ** 2 @ linear))
    return total


def test_the_distance_is_what_numpy_and_scipy_make_of_the_formula(pictures: Any, weights: LpipsWeights) -> None:
    slow = [slow_distance(picture, other, weights) for picture, other in zip(*pictures, strict=True)]
    one, other = tf.constant(pictures)
    np.testing.assert_allclose(distance(one, other, weights), np.array(slow), rtol=1e-4)


def test_the_same_picture_is_at_distance_0_and_the_distance_is_symmetric(pictures: Any, weights: LpipsWeights) -> None:
    one, other = tf.constant(pictures)
    np.testing.assert_array_equal(distance(one, one, weights), 0.0)
    np.testing.assert_allclose(distance(one, other, weights), distance(other, one, weights), rtol=1e-5)


class Parameter:
    """What a PyTorch tensor is to its reader."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def numpy(self) -> Any:
        return self.values


@pytest.fixture
def torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stands for PyTorch and the package lpips: a file that is written here is read as the state of its name."""
    states: dict[str, Any] = {}

    def load(path: Path, map_location: str, weights_only: bool) -> dict[str, Parameter]:
        if path.name not in states:
            raise RuntimeError("a long story")
        return {name: Parameter(values) for name, values in states[path.name].items()}

    fake = ModuleType("torch")
    fake.__spec__ = ModuleSpec("torch", None)
    monkeypatch.setattr(fake, "load", load, raising=False)
    monkeypatch.setitem(sys.modules, "torch", fake)
    monkeypatch.setattr(lpips_weights, "_package", lambda: tmp_path)
    monkeypatch.setattr(lpips_weights, "LINEAR", Path("alex.pth"))
    monkeypatch.setattr(lpips_weights, "extra_is_installed", lambda: True)
    return states


def test_published_weights_are_read_in_their_order(
    torch: dict[str, Any], weights: LpipsWeights, pictures: Any, tmp_path: Path
) -> None:
    path = write(torch, weights, tmp_path)
    metric = Lpips(backbone=str(path))
    metric.check(PHOTOGRAPH)
    sent, understood = tf.constant(pictures)
    measured = metric.measure(Sent(sent, tf.zeros(3, tf.int64)), understood)
    np.testing.assert_allclose(measured, distance(sent, understood, weights), rtol=1e-6)


def write(torch: dict[str, Any], weights: LpipsWeights, folder: Path) -> Path:
    """The weights as torchvision and lpips publish them; the path of the former."""
    places = dict(zip((0, 3, 6, 8, 10), range(5), strict=True))
    torch["backbone.pth"] = {
        **{f"features.{place}.weight": weights.kernels[layer].transpose(3, 2, 0, 1) for place, layer in places.items()},
        **{f"features.{place}.bias": weights.biases[layer] for place, layer in places.items()},
        "classifier.1.weight": np.zeros(1),
    }
    torch["alex.pth"] = {f"lin{layer}.model.1.weight": weights.linear[layer][None, :, None, None] for layer in range(5)}
    for name in ("backbone.pth", "alex.pth"):
        (folder / name).touch()
    return folder / "backbone.pth"


def test_a_file_that_is_no_alexnet_is_refused(torch: dict[str, Any], tmp_path: Path) -> None:
    torch.update({"other.pth": {"conv1.weight": np.zeros(1)}, "alex.pth": {}})
    (tmp_path / "other.pth").touch()
    (tmp_path / "alex.pth").touch()
    with pytest.raises(UserError, match=r"other\.pth holds no AlexNet: it has no features\.0\.weight"):
        read_weights(str(tmp_path / "other.pth"))


def test_a_file_that_is_torn_is_refused_in_one_line(torch: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"torn\.pth holds no PyTorch weights or torn ones \(it is no file\)"):
        read_weights(str(tmp_path / "torn.pth"))
    (tmp_path / "torn.pth").write_bytes(b"PK\3\4")
    with pytest.raises(UserError, match=r"torn\.pth holds no PyTorch weights or torn ones \(a long story\); fetch it"):
        read_weights(str(tmp_path / "torn.pth"))


def test_a_file_that_unpacks_to_more_than_a_gigabyte_is_not_read(torch: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "bomb.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data", b"")
        archive.infolist()[0].file_size = 1 << 31  # what the directory at the end claims
    torch["bomb.pth"] = {}
    with pytest.raises(
        UserError, match=r"bomb\.pth holds .* \(it takes 2147483648 bytes; expected at most 1073741824\)"
    ):
        read_weights(str(path))


@pytest.mark.parametrize("spoilt", [np.nan, np.ones(3), np.ones((1, 1, 1, 1))])
def test_an_alexnet_of_other_shapes_or_not_of_numbers_is_refused(
    spoilt: Any, torch: dict[str, Any], weights: LpipsWeights, tmp_path: Path
) -> None:
    write(torch, weights, tmp_path)
    torch["backbone.pth"]["features.6.weight"] = spoilt * np.ones((5, 4, 3, 3)) if spoilt is np.nan else spoilt
    with pytest.raises(UserError, match=r"backbone\.pth holds no AlexNet: its "):
        read_weights(str(tmp_path / "backbone.pth"))


def test_without_the_extra_lpips_names_its_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lpips_weights, "extra_is_installed", lambda: False)
    with pytest.raises(UserError, match=r"lpips needs the extra lpips: pip install 'semcom\[lpips\]'"):
        Lpips().check(PHOTOGRAPH)


def test_without_alexnets_weights_lpips_says_where_to_get_them(torch: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"nowhere\.pth is no file\. Fetch https://download\.pytorch\.org/\S+ and say"):
        Lpips(backbone="nowhere.pth").check(PHOTOGRAPH)


@pytest.mark.parametrize("unit", [(8, 8, 1), (30, 64, 3), (64, 64, 1)])
def test_pictures_that_alexnet_cannot_see_are_refused(unit: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="lpips judges colour pictures of at least 31 pixels a side"):
        Lpips().check(unit)


def test_pictures_of_31_pixels_are_just_large_enough(weights: LpipsWeights) -> None:
    smallest = tf.ones((1, 31, 31, 3))
    assert np.isfinite(distance(smallest, 1.0 - smallest, weights)).all()
    with pytest.raises(tf.errors.OpError):
        distance(smallest[:, 1:], smallest[:, 1:], weights)
