"""What every estimator of one mode is: it sees an unfolding, in which the other modes are snapshots."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from semcom_channels.spec import Part
from semcom_estimation.sensing.modes import Interval

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.decoupled.look import Look
    from semcom_estimation.sensing.steering import ModeMap


class Decoupled(Part):
    """Finds the frequencies of one mode, whatever the others are."""

    needs_tones: ClassVar[bool] = False
    """Whether what a compression leaves of a tone must be a tone."""
    forward_backward: bool = True
    """Averages the covariance with its conjugate read backwards, which decorrelates two coherent targets. Modes where
    tones are no tones any more go without."""
    smoothing: Annotated[int, Field(ge=1, le=256)] = 1
    """Sub-arrays, shifted by one sample each, whose covariances are averaged; as many at most as leave two samples.
    Modes where tones are no tones any more go without. [Shan, Wax & Kailath 1985]"""

    def look(self, unfolding: np.ndarray, one: ModeMap, view: Interval) -> Look:
        """At an unfolding `[kept samples, snapshots]`; ValueError when it needs tones and the map leaves none."""
        from semcom_estimation.sensing.decoupled.look import Look

        if self.needs_tones and one.step is None:
            raise ValueError(f"{self.kind} needs tones; the compression leaves none. Choose average, or music instead")
        return Look(unfolding, one, view, self.forward_backward, self.smoothing)

    @abstractmethod
    def frequencies(self, look: Look, order: int) -> np.ndarray:
        """Of `order` targets at most, in cycles per sample of the mode, inside its field of view; `[candidate]`."""
