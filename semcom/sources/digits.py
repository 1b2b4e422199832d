"""Handwritten digits."""

from functools import cache
from typing import Any, ClassVar, Literal

from semcom.sources.source import Batch, Source, Yields

TRAIN_SHARE = 0.6


class Digits(Source):
    """scikit-learn's 1,797 handwritten digits, 8x8 grey pictures with 17 levels. [Alpaydin & Kaynak 1998, UCI]

    The first 60 % of the file train and the rest test.
    """

    kind: Literal["digits"] = "digits"
    yields: ClassVar[Yields] = "images"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy",)
    split: Literal["train", "test"] = "test"
    """Which digits."""

    def units(self) -> tuple[tuple[int, ...], ...]:
        """8x8 grey pictures."""
        return ((8, 8, 1),)

    def draw(self, count: int, rng: Any) -> tuple[Batch, ...]:
        """One batch of `count` digits drawn with replacement, `[count, 8, 8, 1]` float32 in [0, 1]."""
        pictures, labels = examples(self.split)
        chosen = rng.integers(len(labels), size=count)
        return (Batch(pictures[chosen], labels[chosen]),)


@cache
def examples(split: str) -> tuple[Any, Any]:
    """All pictures `[digits, 8, 8, 1]` float32 in [0, 1] and labels `[digits]` int64 of a split."""
    import numpy as np
    from sklearn.datasets import load_digits

    digits = load_digits()
    pictures = (digits.images / 16.0).astype(np.float32)[..., None]
    border = round(TRAIN_SHARE * len(pictures))
    part = slice(None, border) if split == "train" else slice(border, None)
    return pictures[part], digits.target[part].astype(np.int64)
