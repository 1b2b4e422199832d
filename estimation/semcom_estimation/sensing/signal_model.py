"""The model of a measured tensor: which modes it has, and what parameters of targets mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from semcom_channels.spec import Spec
from semcom_estimation.sensing.modes import MODES, Interval, Mode

if TYPE_CHECKING:
    import numpy as np

SPEED_OF_LIGHT_M_S = 299_792_458.0


class SignalModel(Spec):
    """H = sum over targets k of gain_k a_1(f_1k) o a_2(f_2k) o ... + white noise, with a_m(f) = exp(2 pi j f n).

    [arXiv 2503.21242, section II, one snapshot]
    """

    modes: Annotated[tuple[Annotated[Mode, MODES], ...], Field(min_length=1, max_length=8)]
    """The tensor's axes, in order."""
    carrier_hz: Annotated[float, Field(gt=0.0)] = 26e9
    """Turns Doppler shifts into speeds."""
    geometry: Literal["monostatic", "bistatic"] = "monostatic"
    """"monostatic": there and back, range = c delay / 2 and speed = c shift / 2 / carrier. "bistatic": the path's whole
    length and its rate of change."""

    @model_validator(mode="after")
    def _modes_differ(self) -> Self:
        kinds = [mode.kind for mode in self.modes]
        twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
        if twice is not None:
            raise ValueError(f"modes has {twice} twice")
        if "angle" in kinds and {"azimuth", "elevation"} & set(kinds):
            raise ValueError("modes has angle beside azimuth or elevation; angle is for a line alone")
        return self

    @property
    def shape(self) -> tuple[int, ...]:
        """The tensor's."""
        return tuple(mode.length for mode in self.modes)

    @property
    def views(self) -> tuple[Interval, ...]:
        """Each mode's field of view in cycles per sample."""
        return tuple(mode.view for mode in self.modes)

    @property
    def size(self) -> int:
        """Samples of the tensor."""
        return math.prod(self.shape)

    @property
    def most_targets(self) -> int:
        """More have as many real unknowns, 2 + modes each, as the tensor has real samples."""
        return max((2 * self.size - 1) // (2 + len(self.modes)), 0)

    @property
    def names(self) -> tuple[str, ...]:
        """Of what `parameters` gives, in order: one for each mode, then range_m and speed_m_s where they follow."""
        of_modes = [f"{mode.kind}_{mode.unit}" for mode in self.modes]
        follow = {"delay": "range_m", "doppler": "speed_m_s"}
        return (*of_modes, *(follow[mode.kind] for mode in self.modes if mode.kind in follow))

    def parameters(self, frequencies: np.ndarray) -> dict[str, np.ndarray]:
        """By name, `[target]` each, of frequencies `[target, mode]` in cycles per sample."""
        import numpy as np

        values = [mode.value(frequencies[:, axis]) for axis, mode in enumerate(self.modes)]
        kinds = [mode.kind for mode in self.modes]
        if "azimuth" in kinds and "elevation" in kinds:
            axis, mode = kinds.index("azimuth"), self.modes[kinds.index("azimuth")]
            rise = np.maximum(np.cos(np.deg2rad(values[kinds.index("elevation")])), 1e-9)
            values[axis] = mode.value(frequencies[:, axis] / rise)
        ways = 2.0 if self.geometry == "monostatic" else 1.0
        factors = {"delay": SPEED_OF_LIGHT_M_S / ways, "doppler": SPEED_OF_LIGHT_M_S / ways / self.carrier_hz}
        values += [factors[kind] * values[axis] for axis, kind in enumerate(kinds) if kind in factors]
        return dict(zip(self.names, values, strict=True))

    def frequencies(self, parameters: Mapping[str, np.ndarray]) -> np.ndarray:
        """Cycles per sample, `[target, mode]`, of each mode's own parameter, such as delay_s; KeyError without it."""
        import numpy as np

        values = [np.atleast_1d(parameters[name]) for name in self.names[: len(self.modes)]]
        columns = [mode.frequency(value) for mode, value in zip(self.modes, values, strict=True)]
        kinds = [mode.kind for mode in self.modes]
        if "azimuth" in kinds and "elevation" in kinds:
            rise = np.cos(np.deg2rad(values[kinds.index("elevation")]))
            columns[kinds.index("azimuth")] = columns[kinds.index("azimuth")] * rise
        return np.stack(columns, axis=1)

    def deviations(self, frequencies: np.ndarray, covariances: np.ndarray) -> dict[str, np.ndarray]:
        """Standard deviations of `parameters`, from covariances `[target, mode, mode]`, to first order.

        Beyond the ends of a line an angle does not change with the frequency: nan.
        """
        import numpy as np

        step = 1e-7
        middle = self.parameters(frequencies)
        slopes = np.empty((len(frequencies), len(self.names), len(self.modes)))
        for axis in range(len(self.modes)):
            moved = self.parameters(frequencies + step * np.eye(len(self.modes))[axis])
            slopes[:, :, axis] = np.stack([(moved[name] - middle[name]) / step for name in self.names], axis=1)
        variances = np.einsum("kpm,kmn,kpn->kp", slopes, covariances, slopes)
        variances[~slopes.any(axis=2) | (variances < 0.0)] = np.nan
        return dict(zip(self.names, np.sqrt(variances).T, strict=True))

    def inside(self, frequencies: np.ndarray) -> np.ndarray:
        """The same frequencies, modulo 1 as near as possible to the middle of the fields of view."""
        import numpy as np

        middle = np.array([(low + high) / 2.0 for low, high in self.views])
        return np.asarray(frequencies - np.round(frequencies - middle))
