"""The door to Sionna's models of cells: UMi, UMa and RMa of 3GPP TR 38.901."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from semcom_channels.backend import direct, tf
from semcom_channels.sionna_door import outside_graphs, reset
from semcom_channels.sionna_door.cells import cell
from semcom_channels.sionna_door.rays import heard
from semcom_channels.sionna_door.spatial import (
    SOME_CARRIER_HZ,
    Elements,
    Ends,
    elements_of,
    ends_of,
    placed,
    some_array,
)
from semcom_channels.tensors import Tensor

from sionna.phy.channel import gen_single_sector_topology, set_3gpp_scenario_parameters  # isort: skip
from sionna.phy.channel.tr38901 import LSP  # isort: skip

if TYPE_CHECKING:
    from semcom_channels.drop import Drop

INDOOR_PROBABILITY = 5  # its place among the parameters of a cell
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


class Cell(NamedTuple):
    """What graphs depend on of a cell."""

    kind: str
    walls: tuple[str, ...]
    direction: str
    terminal: Elements
    base: Elements
    line_of_sight: bool | None


class Numbers(NamedTuple):
    """What numbers of a cell enter graphs; tensors."""

    carrier_hz: Tensor
    speed_m_s: Tensor
    indoor_probability: Tensor
    ends: Ends


def paths(channel: "Drop", seed: int, batch: int, times: int, rate_hz: float) -> tuple[Tensor, Tensor]:
    """Gains `[batch, rx, tx, path, time]` and delays `[batch, path]`."""
    user = () if channel.user is None else (_user(channel)[:3],)
    given = (_cell(channel), tf.constant(batch), times, tf.constant(rate_hz, tf.float32), _numbers(channel))
    reset(seed)
    gains, delays = direct(_someone if user else _anyone)(*given, *user)
    return gains, delays


def gain_db(channel: "Drop") -> float:
    """The gain of a user's path."""
    return _user(channel).gain_db


def _cell(channel: "Drop") -> Cell:
    ends = (elements_of(channel.terminal), elements_of(channel.base))
    return Cell(channel.kind, channel.walls, channel.direction, *ends, channel.line_of_sight)


def _numbers(channel: "Drop") -> Numbers:
    own = set_3gpp_scenario_parameters(channel.kind)[INDOOR_PROBABILITY]
    indoor = own if channel.indoor_probability is None else tf.constant(channel.indoor_probability, tf.float32)
    carrier, speed = (tf.constant(number, tf.float32) for number in (channel.carrier_hz, channel.speed_m_s))
    return Numbers(carrier, speed, indoor, ends_of(channel))


def _anyone(known: Cell, batch: Tensor, times: int, rate_hz: Tensor, numbers: Numbers) -> tuple[Tensor, Tensor]:
    """Draws another user for each unit."""
    model = _with_numbers(known, numbers)
    model.set_topology(*_topology(known.kind, numbers, batch, 1), los=known.line_of_sight)
    return _between(model(times, rate_hz))


def _someone(
    known: Cell, batch: Tensor, times: int, rate_hz: Tensor, numbers: Numbers, user: tuple[Any, ...]
) -> tuple[Tensor, Tensor]:
    """Draws paths of one user."""
    model = _with_numbers(known, numbers)
    topology, los, spreads = user
    each = [tf.repeat(value, batch, axis=0) for value in topology]
    model.set_topology(*each, los=los)
    model._lsp = LSP(*(tf.fill([batch, 1, 1], spreads[index]) for index in range(len(SPREADS))))
    return _between(model(times, rate_hz))


def _between(drawn: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    gains, delays = drawn
    return gains[:, 0, :, 0], delays[:, 0, 0]


def _model(channel: "Drop") -> Any:
    """Sionna's model of a cell."""
    return _with_numbers(_cell(channel), _numbers(channel))


@outside_graphs
def _some_model(known: Cell) -> Any:
    """Sionna's model of the cell at some carrier frequency."""
    ends = (some_array(known.terminal), some_array(known.base))
    return cell(known.kind, SOME_CARRIER_HZ, known.walls, ends, known.direction)


def _with_numbers(known: Cell, numbers: Numbers) -> Any:
    """Sionna's model of a cell whose numbers may be tensors of a graph: nothing else holds it."""
    model = _some_model(known)
    model._scenario._carrier_frequency = numbers.carrier_hz
    model._scenario._lambda_0 = numbers.ends.wavelength_m
    model._cir_sampler = placed(known.direction, (known.terminal, known.base), numbers.ends, subclustering=True)
    return model


def _topology(kind: str, numbers: Numbers, batch: Tensor, users: int) -> Topology:
    drawn = Topology(
        *gen_single_sector_topology(
            batch,
            users,
            kind,
            indoor_probability=numbers.indoor_probability,
            min_ut_velocity=numbers.speed_m_s,
            max_ut_velocity=numbers.speed_m_s,
        )
    )
    turned = drawn.ut_orientations[..., :1] * 2.0  # Sionna also tilts them, by up to a right angle
    return drawn._replace(ut_orientations=tf.concat([turned, tf.zeros_like(turned), tf.zeros_like(turned)], axis=-1))


def _user(channel: "Drop") -> User:
    return _drop(channel.law)[channel.user or 0]


@lru_cache(maxsize=8)
@outside_graphs
def _drop(channel: "Drop") -> tuple[User, ...]:
    """All users of a drop, drawn together."""
    reset(channel.drop_seed)
    model = _model(channel)
    topology = _topology(channel.kind, _numbers(channel), tf.constant(1), channel.users)
    model.set_topology(*topology, los=channel.line_of_sight)
    gains_db = _gains_db(model)
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


def _gains_db(model: Any) -> np.ndarray:
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
