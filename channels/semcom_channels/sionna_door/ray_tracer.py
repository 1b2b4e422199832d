"""The door to Sionna RT: paths by way of targets, and paths to the terminal."""

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from semcom_channels.ray_tracing import DEBIAN_LLVM, RayTracing
from semcom_channels.target_geometry import Paths, Places, direction, facing

if TYPE_CHECKING:
    from semcom_channels.point_targets import PointTargets

RADAR, TERMINAL = 0, 1  # the receivers of a scene, in order


class Traced(NamedTuple):
    """What is traced of a batch; units with fewer paths than others have paths of no power."""

    link: Paths
    """From the sender to the receiver."""
    echo: Paths
    """From the base station to each reflector and back."""


def trace(channel: "PointTargets", there: Places) -> Traced:
    """Paths of each unit; RuntimeError when the machine lacks something."""
    tracing = channel.tracing
    if tracing is None:
        raise ValueError("the channel traces no rays")
    lacking = tracing.missing()
    if lacking is not None:
        raise RuntimeError(lacking)
    os.environ.setdefault("DRJIT_LIBLLVM_PATH", DEBIAN_LLVM)
    scene = _Scene(channel, tracing, there.positions.shape[1])
    units = [scene.traced(there, unit) for unit in range(len(there.positions))]
    link = _joined([link for link, _ in units])
    if channel.direction == "uplink":
        link = link._replace(departures=link.arrivals, arrivals=link.departures)
    return Traced(link, _joined([echo for _, echo in units]))


class _Scene:
    """A scene with a base station, a radar beside it, a terminal and some targets, which move from unit to unit."""

    def __init__(self, channel: "PointTargets", tracing: RayTracing, reflectors: int) -> None:
        import sionna.rt as rt
        from sionna.rt.rcs import ConstantRCSSensingTarget, RCSSolver

        self._channel, self._tracing = channel, tracing
        self._rotation = _turned(tracing.heading_deg)
        self._seen = direction(np.array(channel.terminal_azimuth_deg), np.array(channel.terminal_elevation_deg))
        scene = rt.load_scene(None if tracing.scene is None else getattr(rt.scene, tracing.scene))
        scene.frequency = channel.carrier_hz
        scene.tx_array = rt.PlanarArray(num_rows=1, num_cols=1, pattern="iso", polarization="V")
        scene.rx_array = scene.tx_array
        scene.add(rt.Transmitter("base", position=self._in_scene(np.zeros(3))))
        scene.add(rt.Receiver("radar", position=self._in_scene(np.zeros(3))))
        terminal = self._in_scene(channel.terminal_range_m * self._seen)
        moving = self._along(-channel.speed_m_s * self._seen)
        scene.add(rt.Receiver("terminal", position=terminal, velocity=moving))
        self._targets = [ConstantRCSSensingTarget(f"reflector-{index}") for index in range(reflectors)]
        for target in self._targets:
            scene.add(target)
        self._scene = scene
        self._by_targets, self._direct = RCSSolver(deterministic=True), rt.PathSolver(deterministic=True)

    def traced(self, there: Places, unit: int) -> tuple[Paths, Paths]:
        """Paths to the terminal and to the radar, in the frames of the arrays."""
        out = there.positions[unit] / np.linalg.norm(there.positions[unit], axis=-1, keepdims=True)
        for index, target in enumerate(self._targets):
            target.position = self._in_scene(there.positions[unit, index])
            target.velocity = self._along(-there.speeds[unit, index] * out[index])
            target.sigma = float(there.sections[unit, index])
        samples, bounces = self._tracing.samples, self._tracing.reflections
        reflecting = {"specular_reflection": bounces > 0, "refraction": bounces > 0, "seed": 1}
        direct = self._direct(
            self._scene,
            max_depth=bounces,
            los=self._channel.line_of_sight,
            samples_per_src=samples,
            max_num_paths_per_src=samples,
            **reflecting,
        )
        found = [self._paths(direct, TERMINAL)]
        echo = found[0]._replace(**{name: values[:0] for name, values in found[0]._asdict().items()})
        if self._targets:
            returned = self._by_targets(
                self._scene, max_depth=1 + bounces, samples_per_sp=samples, buffer_size_per_sp=samples, **reflecting
            )
            found.append(self._paths(returned, TERMINAL))
            echo = self._paths(returned, RADAR)
        link = Paths(*(np.concatenate(values) for values in zip(*found, strict=True)))
        at_terminal = link.arrivals @ facing(-self._seen).T
        return link._replace(arrivals=at_terminal), echo

    def _paths(self, found: Any, receiver: int) -> Paths:
        """The valid paths to a receiver by delay, `[path]`, directions in the base station's frame."""
        valid = np.asarray(found.valid)[receiver, 0]
        late = np.asarray(found.tau, np.float64)[receiver, 0]
        order = np.flatnonzero(valid)[np.argsort(late[valid], kind="stable")]
        delays = late[order]
        parts = [np.asarray(part, np.float64)[receiver, 0, 0, 0, order] for part in found.a]
        gains = (parts[0] + 1j * parts[1]) * np.exp(-2j * np.pi * self._channel.carrier_hz * delays)
        angles = {name: np.asarray(getattr(found, name), np.float64)[receiver, 0, order] for name in NAMES}
        leaving, coming = (_unit(angles[f"theta_{end}"], angles[f"phi_{end}"]) @ self._rotation for end in "tr")
        return Paths(delays, np.asarray(found.doppler, np.float64)[receiver, 0, order], gains, leaving, coming)

    def _in_scene(self, position: np.ndarray) -> list[float]:
        return self._along(position, np.array(self._tracing.base_position_m))

    def _along(self, vector: np.ndarray, origin: np.ndarray | None = None) -> list[float]:
        turned = self._rotation @ vector + (np.zeros(3) if origin is None else origin)
        return [float(value) for value in turned]


NAMES = ("theta_t", "phi_t", "theta_r", "phi_r")


def _turned(heading_deg: float) -> np.ndarray:
    """From the base station's frame to the scene's."""
    cosine, sine = np.cos(np.deg2rad(heading_deg)), np.sin(np.deg2rad(heading_deg))
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def _unit(zenith: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    across = np.sin(zenith)
    return np.stack([across * np.cos(azimuth), across * np.sin(azimuth), np.cos(zenith)], axis=-1)


def _joined(units: list[Paths]) -> Paths:
    """`[batch, path]`, filled with copies of a first path without power; one at least, where walls block all."""
    most = max(1, *(len(unit.delays_s) for unit in units))
    return Paths(*(np.stack([_filled(unit, name, most) for unit in units]) for name in Paths._fields))


def _filled(unit: Paths, name: str, most: int) -> np.ndarray:
    values = np.asarray(getattr(unit, name))
    missing = most - len(values)
    if not missing:
        return values
    first = values[:1] if len(values) else np.zeros((1, *values.shape[1:]), values.dtype)
    return np.concatenate([values, np.repeat(0.0 * first if name == "gains" else first, missing, axis=0)])
