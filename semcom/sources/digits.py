"""Handwritten digits."""

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from semcom.sources.source import Batch, Source, Yields

TRAIN_SHARE = 0.6


class Digits(Source):
    """scikit-learn's 1,797 handwritten digits, 8x8 grey pictures with 17 levels. [Alpaydin & Kaynak 1998, UCI]

    The first 60 % of the file train and the rest test.
    """

    kind: Literal["digits"] = "digits"
    cites: ClassVar[tuple[str, ...]] = ("digits", "scikitlearn")
    yields: ClassVar[Yields] = "images"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy",)
    classes: ClassVar[int] = 10
    split: Literal["train", "test"] = "test"
    """Which digits."""
    shift_columns: Annotated[int, Field(ge=0, le=3)] = 0
    """Each picture is moved sideways at random by at most this many columns: more variety for training."""

    @property
    def block(self) -> str:
        """One digit; digits come again."""
        return f"one of {len(examples(self.split)[0])} digits"

    def units(self) -> tuple[tuple[int, ...], ...]:
        """8x8 grey pictures."""
        return ((8, 8, 1),)

    def draw(self, count: int, rng: Any) -> tuple[Batch, ...]:
        """One batch of `count` digits drawn with replacement, `[count, 8, 8, 1]` float32 in [0, 1]."""
        pictures, labels = examples(self.split)
        chosen = rng.integers(len(labels), size=count)
        most = self.shift_columns
        columns = rng.integers(-most, most + 1, size=count)
        return (Batch(moved(pictures[chosen], columns), labels[chosen]),)


@lru_cache(maxsize=2)
def examples(split: str) -> tuple[Any, Any]:
    """All pictures `[digits, 8, 8, 1]` float32 in [0, 1] and labels `[digits]` int64 of a split."""
    import numpy as np
    from sklearn.datasets import load_digits

    digits = load_digits()
    pictures = (digits.images / 16.0).astype(np.float32)[..., None]
    border = round(TRAIN_SHARE * len(pictures))
    part = slice(None, border) if split == "train" else slice(border, None)
    return pictures[part], digits.target[part].astype(np.int64)


def moved(pictures: Any, columns: Any) -> Any:
    """Each picture of `[batch, height, width, 1]` moved right by its number of columns; what comes in is black."""
    import numpy as np

    width = pictures.shape[2]
    come_from = np.arange(width) - np.asarray(columns)[:, None]
    inside = (come_from >= 0) & (come_from < width)
    taken = np.take_along_axis(pictures, np.clip(come_from, 0, width - 1)[:, None, :, None], axis=2)
    return np.where(inside[:, None, :, None], taken, np.float32(0.0))
