"""What a practical OFDM radar does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.counting import Counting
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets

LOBES = {"rectangular": 1.0, "hann": 2.0, "hamming": 2.0, "blackman": 3.0}


class Sequential(Counting):
    """Beams, a windowed range-Doppler map in each, cell-averaging CFAR and parabolas. [Sturm & Wiesbeck 2011]

        tensor -> beams -> windowed, padded FFTs -> local maxima -> CFAR or the strongest ones -> parabolas

    A maximum is a target when its power is the factor T (P^(-1/T) - 1) above the mean of T cells around it, P being
    what makes the probability of a target in noise alone `false_alarm`; where the noise variance is known, it takes the
    mean's place. Of a known number the strongest maxima are taken, fewer where there are fewer.
    """

    kind: Literal["sequential"] = "sequential"
    cites: ClassVar[tuple[str, ...]] = ("sturm2011",)
    window: Literal["rectangular", "hann", "hamming", "blackman"] = "hann"
    """What weighs the samples of each mode against sidelobes; its main lobe sets what is told apart."""
    zero_padding: Annotated[float, Field(ge=1.0, le=8.0)] = 2.0
    """Points of the map to a resolution bin of each mode; 1: no padding."""
    training_bins: Annotated[float, Field(ge=1.0, le=1000.0)] = 4.0
    """Resolution bins on each side, beyond the main lobe, whose mean power is taken for that of the noise."""

    def grid_error_bins(self) -> float:
        """A step of the map: parabolas err by the window's shape and by what other targets leak."""
        return 1.0 / self.zero_padding

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.cfar import RadarMap
        from semcom_estimation.sensing.targets import targets_of

        radar = RadarMap(tensor, model, self.window, LOBES[self.window], self.zero_padding)
        peaks = radar.peaks()
        if targets is None:
            peaks = radar.detected(peaks, self.training_bins, self.false_alarm, noise_variance)
        chosen = peaks[: self.most if targets is None else targets]
        frequencies = radar.frequencies(chosen)
        variance = noise_variance or radar.noise_variance()
        return targets_of(model, radar.gains(frequencies), frequencies, variance)
