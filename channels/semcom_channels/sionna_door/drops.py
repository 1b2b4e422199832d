"""The door to Sionna's models of cells: UMi, UMa and RMa of 3GPP TR 38.901."""

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.sionna_door import built_once, reset
from semcom_channels.sionna_door.cells import cell
from semcom_channels.sionna_door.rays import UnitMeanRays, heard
from semcom_channels.tensors import Tensor

from sionna.phy.channel import gen_single_sector_topology  # isort: skip
from sionna.phy.channel.tr38901 import LSP  # isort: skip

if TYPE_CHECKING:
    from semcom_channels.drop import Drop

SPREADS = ("ds", "asd", "asa", "sf", "k_factor", "zsa", "zsd")


class Topology(NamedTuple):
    """Where terminals and base stations are, as Sionna's models take it; batch first."""

    ut_loc: Tensor
    bs_loc: Tensor
    ut_orientations: Tensor
    bs_orientations: Tensor
    ut_velocities: Tensor
    in_state: Tensor


class User(NamedTuple):
    """What stays of a user."""

    topology: Topology
    """With a batch and a terminal of 1."""
    los: Tensor
    """Whether it sees the base station, indoors from outside its walls, a scalar bool."""
    spreads: Tensor
    """The large-scale parameters, `[7]` in the order of SPREADS."""
    gain_db: float
    """Of its path: path loss, shadow fading, and what pairs of antennas hear along it."""


def paths(channel: "Drop", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` and delays `[batch, path]`."""
    drawn = _anyone(channel.law) if channel.user is None else _someone(channel.law)
    user = () if channel.user is None else (_user(channel)[:3],)
    reset(seed)
    gains, delays = drawn(tf.constant(batch), times, tf.constant(rate_hz, tf.float32), *user)
    return gains, delays


def gain_db(channel: "Drop") -> float:
    """The gain of a user's path."""
    return _user(channel).gain_db


@cache
def _anyone(channel: "Drop") -> Any:
    """Draws another user for each unit."""
    model = _model(channel)

    def draw(batch: Tensor, times: int, rate_hz: Tensor) -> tuple[Tensor, Tensor]:
        model.set_topology(*_topology(channel, batch, 1), los=channel.line_of_sight)
        return _between(model(times, rate_hz))

    return tf.function(draw, reduce_retracing=True)


@cache
def _someone(channel: "Drop") -> Any:
    """Draws paths of one user."""
    model = _model(channel)

    def draw(batch: Tensor, times: int, rate_hz: Tensor, user: tuple[Any, ...]) -> tuple[Tensor, Tensor]:
        topology, los, spreads = user
        each = [tf.repeat(value, batch, axis=0) for value in topology]
        model.set_topology(*each, los=los)
        model._lsp = LSP(*(tf.fill([batch, 1, 1], spreads[index]) for index in range(len(SPREADS))))
        return _between(model(times, rate_hz))

    return tf.function(draw, reduce_retracing=True)


def _between(drawn: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    gains, delays = drawn
    return gains[:, 0, :, 0], delays[:, 0, 0]


def _model(channel: "Drop") -> Any:
    """Sionna's model of the cell, without path loss and shadow fading."""
    terminal, base = channel.terminal.built(channel.carrier_hz), channel.base.built(channel.carrier_hz)
    model = cell(channel.kind, channel.carrier_hz, channel.walls, (terminal, base), channel.direction)
    ends = (terminal, base) if channel.direction == "uplink" else (base, terminal)
    model._cir_sampler = UnitMeanRays(channel.carrier_hz, *ends, subclustering=True)
    return model


def _topology(channel: "Drop", batch: Tensor, users: int) -> Topology:
    drawn = Topology(
        *gen_single_sector_topology(
            batch,
            users,
            channel.kind,
            indoor_probability=channel.indoor_probability,
            min_ut_velocity=channel.speed_m_s,
            max_ut_velocity=channel.speed_m_s,
        )
    )
    turned = drawn.ut_orientations[..., :1] * 2.0  # Sionna also tilts them, by up to a right angle
    return drawn._replace(ut_orientations=tf.concat([turned, tf.zeros_like(turned), tf.zeros_like(turned)], axis=-1))


@cache
def _user(channel: "Drop") -> User:
    with tf.init_scope():
        return _drop(channel.law)[channel.user or 0]


@built_once
def _drop(channel: "Drop") -> tuple[User, ...]:
    """All users of a drop, drawn together."""
    reset(channel.drop_seed)
    model = _model(channel)
    topology = _topology(channel, tf.constant(1), channel.users)
    model.set_topology(*topology, los=channel.line_of_sight)
    gains_db = _gains_db(model, channel)
    spreads = tf.stack([getattr(model._lsp, name)[0, 0] for name in SPREADS])
    return tuple(
        User(
            Topology(*(value if value.shape[1] == 1 else value[:, index : index + 1] for value in topology)),
            model._scenario.seen_outside[0, 0, index],
            spreads[:, index],
            float(gains_db[index]),
        )
        for index in range(channel.users)
    )


def _gains_db(model: Any, channel: "Drop") -> np.ndarray:
    """Path gain of each user in dB."""
    scenario = model._scenario
    loss_db = np.asarray(model._lsp_sampler.sample_pathloss())[0, 0]
    shadow_db = 10.0 * np.log10(np.asarray(model._lsp.sf)[0, 0])
    angles = [np.deg2rad(np.asarray(getattr(scenario, f"los_{name}"))) for name in ("zod", "aod", "zoa", "aoa")]
    zod, aod, zoa, aoa = (tf.constant(angle[..., None, None], tf.float32) for angle in angles)
    base = scenario.bs_orientations[:, :, None, None, None]
    terminal = scenario.ut_orientations[:, None, :, None, None]
    rays = model._cir_sampler
    fields = (
        rays.fields_of_array(scenario.ut_array, terminal, zoa, aoa),
        rays.fields_of_array(scenario.bs_array, base, zod, aod),
    )
    xpr = tf.pow(10.0, scenario.get_param("muXPR")[..., None, None] / 10.0)
    towards = np.asarray(heard(fields, xpr))[0, 0, :, 0, 0]
    return np.asarray(-loss_db + shadow_db + 10.0 * np.log10(towards))
