"""What every compression is: fewer samples a mode, before anything costly is done."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from semcom_channels.spec import Part
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.steering import ModeMap


@dataclass(frozen=True, eq=False)
class Compressed:
    """A small tensor that tells almost the same of the targets."""

    tensor: np.ndarray
    """`[kept samples of each mode ..., snapshot]` complex128; tones have gains of their own in each snapshot."""
    maps: tuple[ModeMap, ...]
    """How each mode came to be: what a tone looks like there."""

    @property
    def snapshots(self) -> int:
        """More than one where shifts of the samples count as snapshots."""
        return int(self.tensor.shape[-1])


class Compression(Part):
    """Makes a tensor smaller and keeps its noise white."""

    keeps_tones: ClassVar[bool] = False
    """Whether what is left of a tone is a tone in every mode."""
    gives_snapshots: ClassVar[bool] = False
    """Whether the small tensor has more than one snapshot."""
    folds: ClassVar[bool] = False
    """Whether tones outside of the field of view may look like tones inside."""

    def check(self, model: SignalModel) -> str | None:
        """What is wrong with it for that model, in words; None when it fits."""
        return None

    def refuse(self, model: SignalModel) -> None:
        """ValueError for a model that it does not fit."""
        said = self.check(model)
        if said is not None:
            raise ValueError(f"{self.kind}: {said}")

    @abstractmethod
    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """The small tensor; the large one may be complex64 or complex128. ValueError where the model does not fit."""

    @abstractmethod
    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """For each mode, how much larger the root of a lone target's Cramer-Rao bound gets, at worst in the view."""


class LinearCompression(Compression):
    """One matrix with orthonormal rows for each mode."""

    @abstractmethod
    def maps(self, model: SignalModel) -> tuple[ModeMap, ...]:
        """The maps, whatever the tensor."""

    def compress(self, tensor: np.ndarray, model: SignalModel) -> Compressed:
        """Products along each mode, the one that shrinks most first."""
        from semcom_estimation.sensing.compression.maps import compressed_by

        maps = self.maps(model)
        return Compressed(compressed_by(tensor, maps)[..., None], maps)

    def growth(self, model: SignalModel) -> tuple[float, ...]:
        """From the Fisher information that each map leaves."""
        from semcom_estimation.sensing.compression.maps import growth_of

        return tuple(growth_of(one, view) for one, view in zip(self.maps(model), model.views, strict=True))
