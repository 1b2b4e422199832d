"""Photographs that installed packages ship."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

from semcom.sources.picture_file import read
from semcom.sources.pictures import Pictures, square

HALF_SCALE_CHANCE = 0.5
MIRROR_CHANCE = 0.5
RECOLOUR_CHANCE = 0.5


class Scene(NamedTuple):
    """One scene and the files that show it; all of them are on one side of the split."""

    split: Literal["fit", "validation", "test"]
    package: Literal["skimage/data", "sklearn/datasets/images"]
    files: tuple[str, ...]


SCENES = (
    Scene("test", "skimage/data", ("chelsea.png",)),
    Scene("test", "skimage/data", ("coffee.png",)),
    Scene("test", "sklearn/datasets/images", ("china.jpg",)),
    Scene("validation", "skimage/data", ("astronaut.png",)),
    Scene("fit", "skimage/data", ("motorcycle_left.png", "motorcycle_right.png")),
    Scene("validation", "skimage/data", ("rocket.jpg",)),
    Scene("fit", "skimage/data", ("hubble_deep_field.jpg",)),
    Scene("fit", "skimage/data", ("ihc.png",)),
    Scene("fit", "skimage/data", ("camera.png",)),
    Scene("fit", "skimage/data", ("brick.png",)),
    Scene("fit", "skimage/data", ("grass.png",)),
    Scene("fit", "skimage/data", ("gravel.png",)),
    Scene("validation", "sklearn/datasets/images", ("flower.jpg",)),
)

PARTS = {"train": ("fit", "validation")}


class Photographs(Pictures):
    """The photographs inside scikit-image and scikit-learn, split by scene.

    A stereo pair shows one scene and never straddles the split. Grey pictures are sent as three equal colours. Training
    tiles are turned at random; half of them are mirrored, half have their colours exchanged, and half are cut from the
    picture at half its size.
    """

    kind: Literal["photographs"] = "photographs"
    cites: ClassVar[tuple[str, ...]] = ("scikitimage", "scikitlearn")
    split: Literal["train", "fit", "validation", "test"] = "test"
    """Which scenes: those for training, those for the test (chelsea, coffee, china), or the two parts of the training
    scenes that tell which of several designs is best: each is trained on `fit` and judged on `validation`."""

    def pictures(self) -> tuple[Any, ...]:
        """The pictures of this split, each `[height, width, 3]` uint8."""
        return tuple(picture for picture, _ in _pictures(self.split))

    def weights(self) -> tuple[float, ...]:
        """Scenes are equally likely, whatever the number of their pictures."""
        return tuple(weight for _, weight in _pictures(self.split))

    def cut(self, picture: Any, rng: Any) -> Any:
        """A tile, `[tile, tile, 3]` uint8; for training also changed at random."""
        if self.split in ("validation", "test"):
            return super().cut(picture, rng)
        if rng.random() < HALF_SCALE_CHANCE and min(picture.shape[:2]) >= 2 * self.tile:
            tile = halved(square(picture, 2 * self.tile, rng))
        else:
            tile = square(picture, self.tile, rng)
        if rng.random() < MIRROR_CHANCE:
            tile = tile[:, ::-1]
        if rng.random() < RECOLOUR_CHANCE:
            tile = tile[..., rng.permutation(3)]
        return _turned(tile, int(rng.integers(4)))


def halved(picture: Any) -> Any:
    """The picture at half its size, each pixel the mean of four, uint8; halves go to the even neighbour."""
    import numpy as np

    wide = picture.astype(np.uint16)
    fours = wide[::2, ::2] + wide[1::2, ::2] + wide[::2, 1::2] + wide[1::2, 1::2]
    return ((fours + 1 + (fours >> 2 & 1)) >> 2).astype(np.uint8)


def _turned(tile: Any, quarters: int) -> Any:
    import numpy as np

    return np.rot90(tile, quarters)


@lru_cache(maxsize=4)
def _pictures(split: str) -> tuple[tuple[Any, float], ...]:
    scenes = [scene for scene in SCENES if scene.split in PARTS.get(split, (split,))]
    return tuple(
        (read(_folder(scene.package) / name), 1.0 / len(scenes) / len(scene.files))
        for scene in scenes
        for name in scene.files
    )


def _folder(package: str) -> Path:
    top, _, inside = package.partition("/")
    found = find_spec(top)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {top} is not installed; the photographs are in it")
    return Path(found.origin).parent / inside
