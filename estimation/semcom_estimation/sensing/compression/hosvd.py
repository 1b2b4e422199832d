"""The subspace of the tensor itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom_estimation.sensing.compression.compression import Compressed, Compression
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

RANK = 16


class Hosvd(Compression):
    """The sequentially truncated higher-order SVD: leading left singular vectors of each unfolding as the mode's map.

    Mode after mode, the one that shrinks most first, each on what the ones before have left.
    [De Lathauwer, De Moor & Vandewalle 2000; Vannieuwenhoven, Vandebril & Meerbergen 2012]
    """

    kind: Literal["hosvd"] = "hosvd"
    ranks: tuple[Annotated[int, Field(ge=2, le=1 << 16)], ...] | None = None
    """Vectors kept of each mode, two at least, since one looks the same whatever the frequency; null: 16. More than
    there are targets, where a subspace method follows."""

    def check(self, model: SignalModel) -> str | None:
        """As many ranks as modes."""
        if self.ranks is not None and len(self.ranks) != len(model.modes):
            return f"ranks has {len(self.ranks)} numbers; the model has {len(model.modes)} modes"
        return None

    def of(self, model: SignalModel) -> tuple[int, ...]:
        """The ranks for a model, no larger than its modes; ValueError when they do not fit it."""
        self.refuse(model)
        wanted = self.ranks or (RANK,) * len(model.modes)
        return tuple(min(rank, length) for rank, length in zip(wanted, model.shape, strict=True))

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """By eigenvectors of the Gram matrix of each unfolding; noise that shaped the subspace is not white in it."""
        from semcom_estimation.sensing.compression.sampling import truncated

        return truncated(tensor, self.of(model))

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """1: what it is where the kept subspace holds the targets. In more noise than that nothing is promised."""
        return (1.0,) * len(model.modes)
