"""Sionna's generator of path gains from rays, with matrix products in place of sums over large arrays."""

from copy import copy
from types import SimpleNamespace
from typing import Any, NamedTuple

from semcom_channels.backend import tf
from semcom_channels.compile_policy import compiled
from semcom_channels.tensors import Tensor

from sionna.phy.channel.tr38901 import ChannelCoefficientsGenerator  # isort: skip


LINES = ("los", "los_aoa", "los_aod", "los_zoa", "los_zod", "distance_3d")
TOPOLOGY = (*LINES, "velocities", "moving_end", "tx_orientations", "rx_orientations")
ANGLES = ("aoa", "aod", "zoa", "zod")
RAYS = ("delays", "powers", *ANGLES, "xpr")


class Rayed(NamedTuple):
    """What each ray does: its antennas' part and its turning in time."""

    antennas: Tensor
    """`[batch, tx end, rx end, cluster, ray, rx * tx]` complex64."""
    turning: Tensor
    """`[batch, tx end, rx end, cluster, ray, time]` complex64."""
    shape: tuple[int, int]
    """Antennas of the receiver and of the sender."""


class UnitMeanRays(ChannelCoefficientsGenerator):  # type: ignore[misc]
    """Steps 10 and 11 of 3GPP TR 38.901, section 7.5, scaled to unit mean power over ray phases and antenna pairs.

    It takes the same random numbers as Sionna's, and gives the same gains but for the scale and for a sender that
    moves: Doppler shifts follow the angles at the moving end, where Sionna's follow those of arrival in any case.
    Sionna's holds rays, antenna pairs and times in one array; here the sum over the rays of a cluster is a matrix
    product.
    """

    def with_numbers(self, wavelength_m: Tensor, sender: Tensor, receiver: Tensor) -> "UnitMeanRays":
        """The generator for another wavelength and antennas at `[antenna, 3]` in m: tensors, also of a graph."""
        changed = copy(self)
        changed._lambda_0 = wavelength_m
        changed._tx_array, changed._rx_array = copy(self._tx_array), copy(self._rx_array)
        changed._tx_array._ant_pos, changed._rx_array._ant_pos = sender, receiver
        return changed

    def _step_11(
        self, phi: Tensor, topology: Any, k_factor: Tensor, rays: Any, t: Tensor, c_ds: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """All that follows the random numbers, as one compiled block."""
        inherited = super()._step_11

        def arithmetic(phi: Tensor, k: Tensor, t: Tensor, c_ds: Any, places: Any, shares: Any) -> tuple[Tensor, Tensor]:
            topology, rays = SimpleNamespace(**places), SimpleNamespace(**shares)
            gains, delays = inherited(phi, topology, k, rays, t, c_ds)
            scale = tf.math.rsqrt(self._mean_power(topology, k, rays))[..., None, None, None, None]
            return gains * tf.complex(scale, 0.0), delays

        given = (phi, k_factor, t, c_ds, _fields_of(topology, TOPOLOGY), _fields_of(rays, RAYS))
        gains, delays = compiled("rays")(arithmetic)(*given)
        return gains, delays

    def _step_11_nlos(self, phi: Tensor, topology: Any, rays: Any, t: Tensor) -> Rayed:
        phases = self._step_11_phase_matrix(phi, rays)
        fields = self._fields(topology, rays.aoa, rays.aod, rays.zoa, rays.zod)
        antennas = self._antennas(fields, phases, topology, rays)
        turning = self._step_11_doppler_matrix(topology, *_at_moving_end(topology, rays), t)
        amplitude = tf.sqrt(rays.powers / rays.aoa.shape[-1])[..., None, None]
        return Rayed(antennas, turning * tf.complex(amplitude, 0.0), (self._rx_array.num_ant, self._tx_array.num_ant))

    def _step_11_los(self, topology: Any, t: Tensor) -> Tensor:
        still = super()._step_11_los(topology, tf.zeros_like(t[:1]))
        line = SimpleNamespace(**{name: getattr(topology, f"los_{name}")[..., None, None] for name in ANGLES})
        turning = self._step_11_doppler_matrix(topology, *_at_moving_end(topology, line), t)
        return still * turning[..., None, :]

    def _step_11_reduce_nlos(self, rayed: Rayed, rays: Any, c_ds: Tensor | None) -> tuple[Tensor, Tensor]:
        if not self._subclustering:
            gains, delays = _summed(rayed), rays.delays
        else:
            gains, delays = self._with_subclusters(rayed, rays, c_ds)
        order = tf.argsort(delays, axis=-1)
        return tf.gather(gains, order, batch_dims=3, axis=3), tf.gather(delays, order, batch_dims=3, axis=3)

    def _with_subclusters(self, rayed: Rayed, rays: Any, c_ds: Tensor) -> tuple[Tensor, Tensor]:
        """The two strongest clusters in three parts each, by rays. [table 7.5-5]"""
        order = tf.argsort(rays.powers, axis=-1, direction="DESCENDING")
        delays = tf.gather(rays.delays, order, batch_dims=3, axis=3)
        strong, weak = _clusters(rayed, order[..., :2]), _clusters(rayed, order[..., 2:])
        parts = [_summed(_rays(strong, ray)) for ray in (self._sub_cl_1_ind, self._sub_cl_2_ind, self._sub_cl_3_ind)]
        offsets = self._sub_cl_delay_offsets * c_ds[..., None]  # [batch, tx end, rx end, part]
        apart = offsets[..., :, None] + delays[..., None, :2]
        flat = tf.reshape(apart, tf.concat([tf.shape(apart)[:-2], [-1]], 0))
        return tf.concat([*parts, _summed(weak)], axis=3), tf.concat([flat, delays[..., 2:]], axis=3)

    def _antennas(self, fields: tuple[Tensor, Tensor], phases: Tensor, topology: Any, rays: Any) -> Tensor:
        """Field, phases and offsets of each pair of antennas, `[..., cluster, ray, rx * tx]`."""
        rx_field, tx_field = fields
        pairs = [
            [
                sum(
                    tf.complex(rx_field[p][..., a] * tx_field[q][..., b], 0.0) * phases[..., a, b]
                    for a in range(2)
                    for b in range(2)
                )
                for q in range(len(tx_field))
            ]
            for p in range(len(rx_field))
        ]
        by_polarisation = tf.stack([tf.stack(row, axis=-1) for row in pairs], axis=-2)
        field = tf.gather(by_polarisation, _polarisations(self._rx_array), axis=-2)
        field = tf.gather(field, _polarisations(self._tx_array), axis=-1)
        offsets = self._step_11_array_offsets(topology, rays.aoa, rays.aod, rays.zoa, rays.zod)
        return tf.reshape(field * offsets, tf.concat([tf.shape(offsets)[:-2], [-1]], 0))

    def _fields(
        self, topology: Any, aoa: Tensor, aod: Tensor, zoa: Tensor, zod: Tensor
    ) -> tuple[list[Tensor], list[Tensor]]:
        """For each polarisation of an end the field along theta and phi, `[..., cluster, ray, 2]` float32."""
        tx = tf.reshape(topology.tx_orientations, [-1, topology.tx_orientations.shape[1], 1, 1, 1, 3])
        rx = tf.reshape(topology.rx_orientations, [-1, 1, topology.rx_orientations.shape[1], 1, 1, 3])
        return self.fields_of_array(self._rx_array, rx, zoa, aoa), self.fields_of_array(self._tx_array, tx, zod, aod)

    def fields_of_array(self, array: Any, orientation: Tensor, zenith: Tensor, azimuth: Tensor) -> list[Tensor]:
        """For each polarisation the field of an array's elements along theta and phi, `[..., 2]` float32."""
        local = self._gcs_to_lcs(orientation, zenith, azimuth)
        elements = [array.ant_pol1] if array.polarization == "single" else [array.ant_pol1, array.ant_pol2]
        patterns = [tf.stack(element.field(*local), axis=-1) for element in elements]
        return [self._l2g_response(pattern, orientation, zenith, azimuth)[..., 0] for pattern in patterns]

    def element_powers(self, array: Any, orientation: Tensor, zenith: Tensor, azimuth: Tensor) -> Tensor:
        """The elements' power gains along theta and phi, averaged over polarisations, `[..., 2]` float32."""
        return _powers(self.fields_of_array(array, orientation, zenith, azimuth))

    def _mean_power(self, topology: Any, k_factor: Tensor, rays: Any) -> Tensor:
        """E|h|^2 over the phases, averaged over antenna pairs, `[batch, tx end, rx end]` float32."""
        each = heard(self._fields(topology, rays.aoa, rays.aod, rays.zoa, rays.zod), rays.xpr)
        total = tf.reduce_sum(rays.powers * tf.reduce_mean(each, axis=-1), axis=-1)
        seen = (k_factor * self.direct_power(topology) + total) / (k_factor + 1.0)
        return tf.where(topology.los, seen, total)

    def direct_power(self, topology: Any) -> Tensor:
        """The power gain of the antennas along the line of sight, `[batch, tx end, rx end]` float32."""
        angles = (topology.los_aoa, topology.los_aod, topology.los_zoa, topology.los_zod)
        line = self._fields(topology, *(angle[..., None, None] for angle in angles))
        direct = [
            tf.square(r[..., 0, 0, 0] * t[..., 0, 0, 0] - r[..., 0, 0, 1] * t[..., 0, 0, 1])
            for r in line[0]
            for t in line[1]
        ]
        return tf.reduce_mean(tf.stack(direct), axis=0)


def heard(fields: tuple[list[Tensor], list[Tensor]], xpr: Tensor) -> Tensor:
    """E|h|^2 of rays of unit power over their phases, averaged over antenna pairs, `[..., cluster, ray]` float32.

    From what `fields_of_array` gives for both ends and the cross-polarisation ratio.
    """
    rx, tx = (_powers(field) for field in fields)
    crossed = (rx[..., 0] * tx[..., 1] + rx[..., 1] * tx[..., 0]) / xpr
    return rx[..., 0] * tx[..., 0] + rx[..., 1] * tx[..., 1] + crossed


def _fields_of(thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _at_moving_end(topology: Any, angles: Any) -> tuple[Tensor, Tensor]:
    """Azimuth and zenith of rays where they meet the terminal."""
    return (angles.aod, angles.zod) if topology.moving_end == "tx" else (angles.aoa, angles.zoa)


def _powers(fields: list[Tensor]) -> Tensor:
    return tf.reduce_mean(tf.square(tf.stack(fields)), axis=0)


def _polarisations(array: Any) -> Tensor:
    """Which polarisation each antenna has, `[antenna]` int32."""
    if array.polarization == "single":
        return tf.zeros([int(array.num_ant)], tf.int32)
    second = tf.reshape(array.ant_ind_pol2, [-1, 1])
    return tf.scatter_nd(second, tf.ones([second.shape[0]], tf.int32), [int(array.num_ant)])


def _clusters(rayed: Rayed, chosen: Tensor) -> Rayed:
    return rayed._replace(
        antennas=tf.gather(rayed.antennas, chosen, batch_dims=3, axis=3),
        turning=tf.gather(rayed.turning, chosen, batch_dims=3, axis=3),
    )


def _rays(rayed: Rayed, chosen: Tensor) -> Rayed:
    return rayed._replace(
        antennas=tf.gather(rayed.antennas, chosen, axis=4), turning=tf.gather(rayed.turning, chosen, axis=4)
    )


def _summed(rayed: Rayed) -> Tensor:
    """The sum over the rays of each cluster, `[..., cluster, rx, tx, time]`."""
    total = tf.matmul(rayed.antennas, rayed.turning, transpose_a=True)
    shape = tf.shape(total)
    return tf.reshape(total, tf.concat([shape[:-2], [int(rayed.shape[0]), int(rayed.shape[1])], shape[-1:]], 0))
