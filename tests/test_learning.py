"""Weights in files: what comes back, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from semcom.errors import UserError
from semcom.learning.weights import load, save

SHAPES = [(40, 30), (3,)]


@pytest.fixture
def kept(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A file of weights."""
    save([rng.normal(size=shape) for shape in SHAPES], tmp_path / "kind-key.npz")
    return tmp_path / "kind-key.npz"


def test_weights_come_back_in_half_precision(tmp_path: Path, rng: np.random.Generator) -> None:
    weights = [rng.normal(size=shape) for shape in SHAPES]
    save(weights, tmp_path / "new" / "kind-key.npz")
    for array, found in zip(weights, load(tmp_path / "new" / "kind-key.npz", SHAPES), strict=True):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, array, rtol=2.0**-11, atol=2.0**-25)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["kind-key.npz"]


@pytest.mark.parametrize("wrong", [1e5, np.nan, -np.inf])
def test_weights_that_went_astray_are_not_kept(wrong: float, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"kind-key.npz: some weights are not finite or beyond 65,504; train with a lo"):
        save([np.array([1.0, wrong])], tmp_path / "kind-key.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", [0, 20, 70, 100, 140])
def test_a_torn_or_spoilt_file_says_to_train_again(place: int, kept: Path) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(whole[:place])
    with pytest.raises(UserError, match=r"cannot be read as weights: .*; train again"):
        load(kept, SHAPES)
    kept.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
    try:
        load(kept, SHAPES)  # a byte of a date says nothing
    except UserError as error:
        assert "train again" in str(error)  # noqa: PT017 a spoilt byte may be harmless


def test_a_file_of_other_things_says_to_train_again(kept: Path) -> None:
    with kept.open("wb") as file:
        np.save(file, np.ones(3))
    with pytest.raises(UserError, match="cannot be read as weights"):
        load(kept, SHAPES)


def test_weights_of_other_networks_are_refused(kept: Path) -> None:
    with pytest.raises(UserError, match="holds weights of other networks; train again"):
        load(kept, [(40, 31), (3,)])


def test_weights_that_are_not_finite_are_refused(kept: Path) -> None:
    arrays: Any = {"w000": np.full(SHAPES[0], np.nan, np.float16), "w001": np.zeros(3, np.float16)}
    np.savez(kept, **arrays)
    with pytest.raises(UserError, match=r"kind-key\.npz holds weights that are not finite; train again"):
        load(kept, SHAPES)


@pytest.mark.parametrize("wrong", [np.zeros(3, complex), np.array(["a", "b", "c"]), np.zeros(3, np.int64)])
def test_weights_of_another_type_are_refused(wrong: np.ndarray, kept: Path) -> None:
    arrays: Any = {"w000": np.zeros(SHAPES[0]), "w001": wrong}
    np.savez(kept, **arrays)
    with pytest.raises(UserError, match=r"kind-key\.npz holds weights of other networks; train again"):
        load(kept, SHAPES)


def test_weights_are_not_read_before_their_shapes_are_known(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays: Any = {"w000": np.zeros(SHAPES[0]), "w001": np.zeros(4)}
    np.savez_compressed(kept, **arrays)
    monkeypatch.setattr(np.lib.format, "read_array", lambda *_, **__: pytest.fail("it is read"))
    with pytest.raises(UserError, match="holds weights of other networks; train again"):
        load(kept, SHAPES)
