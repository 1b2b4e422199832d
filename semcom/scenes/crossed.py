"""Targets that share parameters with one another, on which methods that look at one mode at a time stumble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from semcom.scenes.scene import Scene, Truth, normalised
from semcom.scenes.uniform import MARGIN, TRIES
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

CELLS = {
    "grid": ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)),
    "reused": ((0, 0, 0), (1, 1, 1), (0, 1, 0)),
    "same_delay_and_doppler": ((0, 0, 0), (1, 0, 0), (2, 0, 0)),
    "same_angle_and_doppler": ((0, 0, 0), (0, 1, 0), (0, 2, 0), (0, 3, 0)),
}
APART = 1.5  # resolution bins between two values of a mode


class Crossed(Scene):
    """Equal targets on a few values of angle, delay and Doppler shift.

    "grid": four where two values of each mode cross; "reused": the third has the angle and Doppler shift of the first
    and the delay of the second; "same_delay_and_doppler": three that differ in angle alone, coherent in every unfolding
    but that of the angle; "same_angle_and_doppler": four that differ in delay alone.
    """

    kind: Literal["crossed"] = "crossed"
    pattern: Literal["grid", "reused", "same_delay_and_doppler", "same_angle_and_doppler"] = "grid"
    """Who shares what."""

    def count(self) -> int:
        """That of the pattern."""
        return len(CELLS[self.pattern])

    def check(self, model: SignalModel) -> str | None:
        """Patterns have three modes, with room for their values."""
        if len(model.modes) != 3:
            return f"patterns are of three modes; the model has {len(model.modes)}"
        for axis, (mode, (low, high)) in enumerate(zip(model.modes, model.views, strict=True)):
            values = max(cell[axis] for cell in CELLS[self.pattern]) + 1
            room = (high - low) * (1.0 - 2.0 * MARGIN) * mode.length
            if room <= APART * (values - 1):
                return f"{self.pattern} has {values} values of {mode.kind}; its field of view has {room:.3g} bins"
        return None

    def draw(self, model: SignalModel, rng: np.random.Generator) -> Truth:
        """Values uniform over the field of view; ValueError when there is no room."""
        import numpy as np

        cells = np.array(CELLS[self.pattern])
        values = [
            _values(view, int(cells[:, axis].max()) + 1, APART / mode.length, rng)
            for axis, (mode, view) in enumerate(zip(model.modes, model.views, strict=True))
        ]
        found = np.stack([values[axis][cells[:, axis]] for axis in range(3)], axis=1)
        return Truth(found, normalised(np.ones(len(cells)), rng))


def _values(view: tuple[float, float], count: int, apart: float, rng: np.random.Generator) -> np.ndarray:
    import numpy as np

    low, high = view
    for _ in range(TRIES):
        found = low + (high - low) * rng.uniform(MARGIN, 1.0 - MARGIN, count)
        if count == 1 or np.min(np.diff(np.sort(found))) >= apart:
            return np.asarray(found)
    raise ValueError(f"no room for {count} values in the field of view")
