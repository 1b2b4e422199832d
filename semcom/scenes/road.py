"""Vehicles and standing objects around a base station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from semcom.scenes.scene import Scene, Truth, normalised
from semcom_estimation.sensing.signal_model import SPEED_OF_LIGHT_M_S, SignalModel

if TYPE_CHECKING:
    import numpy as np

SHADOW_DB = 4.0


class Road(Scene):
    """Objects by a road: every other one stands still, so those share their Doppler shift. [arXiv 2503.21242, demo]

    Distances are one way. Path loss is that of UMa in line of sight, 28 + 22 log10 d + 20 log10 f, and shadows of 4 dB.
    """

    kind: Literal["road"] = "road"
    objects: Annotated[int, Field(ge=1, le=50)] = 6
    """How many there are."""
    angle_deg: tuple[float, float] = (30.0, 150.0)
    """Between which angles to the array's axis they are."""
    distance_m: tuple[float, float] = (50.0, 400.0)
    """How far."""
    speed_kmh: tuple[float, float] = (0.0, 25.0)
    """How fast those that move approach."""

    def count(self) -> int:
        """As asked."""
        return self.objects

    def check(self, model: SignalModel) -> str | None:
        """A road is seen in angle, delay and Doppler shift."""
        kinds = [mode.kind for mode in model.modes]
        if sorted(kinds) != ["angle", "delay", "doppler"]:
            return f"a road is seen in angle, delay and doppler; the model has {', '.join(kinds)}"
        import numpy as np

        ends = model.frequencies({name: np.array(ends) for name, ends in self._spans(model).items()})
        for axis, (mode, (low, high)) in enumerate(zip(model.modes, model.views, strict=True)):
            if ends[:, axis].min() < low - 1e-9 or ends[:, axis].max() > high + 1e-9:
                return f"objects are outside the field of view of {mode.kind}"
        return None

    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """Independent objects, which may come near one another."""
        import numpy as np

        angles, distances = (rng.uniform(*span, self.objects) for span in (self.angle_deg, self.distance_m))
        speeds = rng.uniform(*self.speed_kmh, self.objects) / 3.6
        speeds[1::2] = 0.0
        parameters = {
            "angle_deg": angles,
            "delay_s": distances / SPEED_OF_LIGHT_M_S,
            "doppler_hz": speeds / SPEED_OF_LIGHT_M_S * model.carrier_hz,
        }
        loss_db = 22.0 * np.log10(distances) + SHADOW_DB * rng.standard_normal(self.objects)
        return Truth(model.frequencies(parameters), normalised(10.0 ** (-loss_db / 10.0), rng))

    def _spans(self, model: SignalModel) -> dict[str, tuple[float, float]]:
        near, far = self.distance_m
        slow, fast = self.speed_kmh
        turn = model.carrier_hz / SPEED_OF_LIGHT_M_S / 3.6
        return {
            "angle_deg": self.angle_deg,
            "delay_s": (near / SPEED_OF_LIGHT_M_S, far / SPEED_OF_LIGHT_M_S),
            "doppler_hz": (min(slow, 0.0) * turn, fast * turn),
        }
