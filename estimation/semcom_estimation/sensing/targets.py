"""What an estimator returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Targets:
    """Targets found in a tensor, the strongest first."""

    gains: np.ndarray
    """`[target]` complex128, at the first sample of each mode."""
    frequencies: np.ndarray
    """`[target, mode]` in cycles per sample."""
    parameters: Mapping[str, np.ndarray]
    """By name with its unit, such as delay_s, range_m or speed_m_s; `[target]` each."""
    deviations: Mapping[str, np.ndarray]
    """Standard deviations of the parameters, from the Fisher matrix at the estimate; nan where there is none, as of an
    angle at an end of its line."""
    frequency_deviations: np.ndarray
    """Standard deviations of the frequencies, `[target, mode]` in cycles per sample; nan where there are none."""
    noise_variance: float
    """E|w|^2 of an element of the tensor, as given or estimated."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time of each stage."""

    @property
    def order(self) -> int:
        """How many there are."""
        return len(self.gains)

    def scaled(self, scale: float, noise_variance: float | None) -> Targets:
        """Those of a tensor so many times as large; its noise variance where it is known."""
        if scale == 1.0:
            return self
        found = self.noise_variance * scale * scale if noise_variance is None else noise_variance
        return replace(self, gains=self.gains * scale, noise_variance=found)


def targets_of(
    model: SignalModel,
    gains: np.ndarray,
    frequencies: np.ndarray,
    noise_variance: float,
    covariances: np.ndarray | None = None,
    seconds: Mapping[str, float] | None = None,
) -> Targets:
    """Targets in order of strength, from covariances `[target, mode, mode]` of frequencies, if there are any."""
    import numpy as np

    order = np.argsort(-np.abs(gains), kind="stable")
    inside = model.inside(frequencies)[order].reshape(len(gains), len(model.modes))
    if covariances is None:
        spread = np.full(inside.shape, np.nan)
        deviations = {name: np.full(len(gains), np.nan) for name in model.names}
    else:
        variances = np.diagonal(covariances, axis1=1, axis2=2)[order].reshape(inside.shape)
        spread = np.sqrt(np.where(variances >= 0.0, variances, np.nan))
        deviations = model.deviations(inside, covariances[order])
    return Targets(
        gains=np.asarray(gains, np.complex128)[order],
        frequencies=inside,
        parameters=model.parameters(inside),
        deviations=deviations,
        frequency_deviations=spread,
        noise_variance=noise_variance,
        seconds=dict(seconds or {}),
    )
