"""Links of cells whose terminals stand where a test wants them, as the door to Sionna makes them."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from tr3gpp import tr38901

from semcom_channels import Rma, Uma, Umi
from semcom_channels.backend import tf
from semcom_channels.drop import Drop
from semcom_channels.sionna_door import drops, reset

LOSS, FADING = tr38901.section("7.4"), tr38901.section("7.5")
CELLS: dict[str, Any] = {"umi": Umi, "uma": Uma, "rma": Rma}
LOSSES = {"umi": "UMi-StreetCanyon", "uma": "UMa", "rma": "RMa"}
"""What tables of section 7.4 call them."""
FADES = {"umi": "UMi - Street Canyon", "uma": "UMa", "rma": "RMa"}
"""What table 7.5-6 calls them."""
BASE_M = {"umi": 10.0, "uma": 25.0, "rma": 35.0}
"""Heights of base stations. [tables 7.2-1 and 7.2-3]"""
STATES = ("LOS", "NLOS", "O2I")
DAILY = (("umi", "LOS"), ("uma", "O2I"), ("rma", "NLOS"))
CHANNELS = [
    pytest.param(kind, state, marks=() if (kind, state) in DAILY else pytest.mark.slow)
    for kind in CELLS
    for state in STATES
]


class Places(NamedTuple):
    """Places of terminals, as many as links."""

    d2: np.ndarray
    """Distances from the base station over the ground, in m."""
    heights: np.ndarray
    """In m."""

    def given(self, kind: str, carrier_hz: float) -> dict[str, Any]:
        """What formulas of the tables take."""
        away = np.hypot(self.d2, BASE_M[kind] - self.heights)
        return {"dd": self.d2, "ddd": away, "hut": self.heights, "hbs": BASE_M[kind], "fc": carrier_hz / 1e9}


def every(distances: Any, heights: Any) -> Places:
    """Each distance with each height."""
    grid = np.meshgrid(distances, heights)
    return Places(grid[0].ravel(), grid[1].ravel())


def model_of(channel: Drop, state: str, places: Places, seed: int, seen: bool | None = None) -> Any:
    """The model with a terminal at each of the places; indoors `seen` tells whether its wall is in sight."""
    model = drops._model(channel)
    reset(seed)
    count = len(places.d2)
    sideways = np.stack([places.d2, np.zeros(count), places.heights], axis=-1)
    still = tf.zeros([count, 1, 3])
    at = tf.constant(sideways[:, None], tf.float32)
    base = tf.constant([[[0.0, 0.0, BASE_M[channel.kind]]]]) + still
    inside = tf.fill([count, 1], state == "O2I")
    model.set_topology(at, base, still, still, still, inside, los=seen if state == "O2I" else state == "LOS")
    return model


@cache
def spread(kind: str, state: str, carrier_hz: float, count: int, seed: int) -> Any:
    """A model with `count` terminals at 100 m, and its rays; one draw for all tests."""
    channel = CELLS[kind](carrier_hz=carrier_hz)
    model = model_of(channel, state, Places(np.full(count, 100.0), np.full(count, 1.5)), seed, seen=False)
    return model, model._ray_sampler(model._lsp)


def link(values: Any) -> np.ndarray:
    """Of `[batch, 1, 1, ...]` what each link has."""
    return np.asarray(values, np.float64)[:, 0, 0]


def entry(kind: str, state: str) -> Any:
    """A column of table 7.5-6."""
    return FADING.channel_model_parameters(scenario=FADES[kind], condition=state)
