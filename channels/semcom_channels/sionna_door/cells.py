"""Sionna's models of cells, with what it leaves out or gets wrong of 3GPP TR 38.901.

`benchmarks/tr38901.md` goes through sections 7.4 and 7.5 clause by clause.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.tensors import Tensor

from sionna.phy import config  # isort: skip
from sionna.phy.channel.tr38901 import LSP, LSPGenerator, RaysGenerator, RMaScenario, SystemLevelChannel  # isort: skip
from sionna.phy.channel.tr38901 import SystemLevelScenario, UMaScenario, UMiScenario  # isort: skip

ZSD = 6
"""Where Sionna's large-scale parameters, (DS, ASD, ASA, SF, K, ZSA, ZSD), have the zenith spread of departure."""
CHOLESKY_ORDER = (3, 4, 0, 1, 2, 6, 5)
"""SF, K, DS, ASD, ASA, ZSD, ZSA of them. [section 7.5, step 4]"""
OFFSETS = (0.0447, 0.1413, 0.2492, 0.3715, 0.5129, 0.6797, 0.8844, 1.1481, 1.5195, 2.1551)
"""Table 7.5-3: of rays, each with both signs."""
SUB_CLUSTERS = ((0, 1, 2, 3, 4, 5, 6, 7, 18, 19), (8, 9, 10, 11, 16, 17), (12, 13, 14, 15))
"""Table 7.5-5: the rays, from 0, of the three parts of a strong cluster."""
WEAKEST = 10.0**-2.5
"""The power, of that of the strongest, below which clusters are removed. [section 7.5, step 6]"""


class _Links(SystemLevelScenario):  # type: ignore[misc]
    """Links of terminals, some of them in buildings. [sections 7.4.1 to 7.4.3, and 7.5, steps 2 to 4]

    Each link, of a terminal indoors too, is in line of sight or not, with the probability of table 7.4.2-1 over
    d2D-out; it is the state of its way outside. The basic path loss PL_b and, where tables 7.5-7 and 7.5-8 have no
    column for O2I, the zenith spread of departure and its offset follow that state, and the parameters of table 7.5-6
    are those of O2I. Sionna takes all terminals indoors for hidden ones.
    """

    _in_state: Any
    _lsp_log_mean: Any
    _lsp_log_std: Any
    _zod_offset: Any

    @property
    def distance_3d(self) -> Tensor:
        """d3D in m, `[batch, base, terminal]`; Sionna's property returns d2D, and its path losses with it."""
        return self._distance_3d

    @property
    def seen_outside(self) -> Tensor:
        """Whether the way outside is in line of sight, `[batch, base, terminal]` bool."""
        return self._seen_outside

    def _sample_indoor_distance(self) -> None:
        """d2D-in is the least of two uniform numbers, on (0, 25 m) in UMi and UMa and on (0, 10 m) in RMa, one for each
        terminal. [section 7.4.3.1] Sionna takes one number, and one for each link.
        """
        shape = [2, self.batch_size, 1, self.num_ut]
        deep = tf.reduce_min(config.tf_rng.uniform(shape, maxval=self.max_2d_in, dtype=self.rdtype), axis=0)
        inside = tf.cast(self.indoor[:, None], self.rdtype)
        self._distance_2d_in = deep * inside * tf.ones_like(self.distance_2d)
        self._distance_2d_out = self.distance_2d - self._distance_2d_in
        self._distance_3d_in = self._distance_2d_in / self.distance_2d * self.distance_3d
        self._distance_3d_out = self.distance_3d - self._distance_3d_in

    def _sample_los(self) -> None:
        shape = tf.shape(self.distance_2d)
        if self._requested_los is None:
            self._seen_outside = config.tf_rng.uniform(shape, dtype=self.rdtype) < self.los_probability
        else:
            self._seen_outside = tf.fill(shape, self._requested_los)
        self._los = tf.logical_and(self._seen_outside, tf.logical_not(self.indoor[:, None]))

    @contextmanager
    def _outside(self) -> Iterator[None]:
        """As if terminals stood where the ways outside end."""
        kept = self._los, self._in_state
        self._los, self._in_state = self._seen_outside, tf.zeros_like(self._in_state)
        yield
        self._los, self._in_state = kept

    def _compute_pathloss_basic(self) -> None:
        with self._outside():
            super()._compute_pathloss_basic()


class _UrbanLinks(_Links):
    def _compute_lsp_log_mean_std(self) -> None:
        """Tables 7.5-7 and 7.5-8 have columns for LOS and NLOS alone."""
        with self._outside():
            super()._compute_lsp_log_mean_std()
            zenith, offset = (self._lsp_log_mean[..., ZSD:], self._lsp_log_std[..., ZSD:]), self._zod_offset
        super()._compute_lsp_log_mean_std()
        self._lsp_log_mean = tf.concat([self._lsp_log_mean[..., :ZSD], zenith[0]], axis=-1)
        self._lsp_log_std = tf.concat([self._lsp_log_std[..., :ZSD], zenith[1]], axis=-1)
        self._zod_offset = offset


class _UmiLinks(_UrbanLinks, UMiScenario):  # type: ignore[misc]
    def clip_carrier_frequency_lsp(self, fc: Tensor) -> Tensor:
        """At least 2 GHz, [table 7.5-6, note 7] as an operation: Sionna asks with Python's `if`, which no graph can."""
        return tf.maximum(fc, 2.0)


class _GraphedUma(UMaScenario):  # type: ignore[misc]
    """Takes carrier frequencies that are tensors of a graph; Sionna asks them with Python's `if`."""

    _compute_lsp_log_mean_std = tf.autograph.to_graph(UMaScenario._compute_lsp_log_mean_std, recursive=False)

    def clip_carrier_frequency_lsp(self, fc: Tensor) -> Tensor:
        """At least 6 GHz. [table 7.5-6, note 6]"""
        return tf.maximum(fc, 6.0)


class _UmaLinks(_UrbanLinks, _GraphedUma):
    pass


class _RmaLinks(_Links, RMaScenario):  # type: ignore[misc]
    def _compute_lsp_log_mean_std(self) -> None:
        """The offset of table 7.5-9 is in degrees, as the angles that it is added to; Sionna's is in radians."""
        super()._compute_lsp_log_mean_std()
        self._zod_offset = self._zod_offset * (180.0 / np.pi)


class _LargeScale(LSPGenerator):  # type: ignore[misc]
    """Step 4: each parameter has its correlation distance first, then they are correlated with one another, by the
    Cholesky factor in the order of SF, K, DS, ASD, ASA, ZSD, ZSA. [section 7.5; WINNER II D1.1.2, section 3.3.1]

    Sionna's goes the other way round, which takes from the cross-correlations of table 7.5-6 where correlation
    distances differ and users are many.
    """

    def __call__(self) -> LSP:
        scenario = self._scenario
        shape = [scenario.batch_size, scenario.num_bs, len(CHOLESKY_ORDER), scenario.num_ut, 1]
        near = tf.gather(self._spatial_lsp_correlation_matrix_sqrt, CHOLESKY_ORDER, axis=2)
        fields = tf.matmul(near, config.tf_rng.normal(shape, dtype=self.rdtype))[..., 0]
        factor = self._cross_lsp_correlation_matrix_sqrt
        correlations = tf.matmul(factor, factor, transpose_b=True)
        for axis in (-2, -1):
            correlations = tf.gather(correlations, CHOLESKY_ORDER, axis=axis)
        each = tf.transpose(fields, [0, 1, 3, 2])[..., None]
        mixed = tf.matmul(tf.linalg.cholesky(correlations), each)[..., 0]
        normal = tf.gather(mixed, np.argsort(CHOLESKY_ORDER), axis=-1)
        values = tf.pow(10.0, scenario.lsp_log_std * normal + scenario.lsp_log_mean)
        widest = tf.constant([np.inf, 104.0, 104.0, np.inf, np.inf, 52.0, 52.0], self.rdtype)
        return LSP(*tf.unstack(tf.minimum(values, widest), axis=-1))


class _Rays(RaysGenerator):  # type: ignore[misc]
    """Steps 5 to 9, with the table's ray offsets, without weak clusters, and coupled within sub-clusters.

    In Sionna's table one offset is -0.1481 for -1.1481, and the rays of the two strongest clusters are coupled across
    the sub-clusters of table 7.5-5.
    """

    def __init__(self, scenario: Any) -> None:
        super().__init__(scenario)
        self._ray_offsets = tf.constant([sign * offset for offset in OFFSETS for sign in (1.0, -1.0)], self.rdtype)

    def __call__(self, lsp: LSP) -> Any:
        rays = super().__call__(lsp)
        count = tf.shape(rays.powers)[-1]
        strong = tf.reduce_any(tf.one_hot(tf.math.top_k(rays.powers, 2).indices, count, True, False), axis=-2)
        for name in ("aoa", "aod", "zoa", "zod"):
            setattr(rays, name, _coupled(getattr(rays, name), strong))
        return rays

    def _cluster_powers(self, delay_spread: Tensor, k_factor: Tensor, delays: Tensor) -> tuple[Tensor, Tensor]:
        """Clusters 25 dB below the strongest have no power; the others keep theirs. [section 7.5, step 6]"""
        powers, with_line = super()._cluster_powers(delay_spread, k_factor, delays)
        kept = powers >= WEAKEST * tf.reduce_max(powers, axis=-1, keepdims=True)
        return tf.where(kept, powers, 0.0), with_line

    def _random_coupling(self, *angles: Tensor) -> tuple[Tensor, ...]:
        """None yet: it needs the powers."""
        return angles


def _coupled(angles: Tensor, strong: Tensor) -> Tensor:
    """Angles `[..., cluster, ray]` in random order, in `strong` clusters within each sub-cluster. [7.5, step 8]"""
    parts = np.zeros(sum(len(part) for part in SUB_CLUSTERS), np.float32)
    for index, part in enumerate(SUB_CLUSTERS):
        parts[list(part)] = index
    chance = config.tf_rng.uniform(tf.shape(angles), dtype=angles.dtype)
    by_part = tf.argsort(tf.where(strong[..., None], parts, 0.0) + chance)
    places = np.argsort([ray for part in SUB_CLUSTERS for ray in part])
    return tf.gather(angles, tf.gather(by_part, places, axis=-1), batch_dims=4)


LINKS = {"umi": _UmiLinks, "uma": _UmaLinks, "rma": _RmaLinks}


def cell(kind: str, carrier_hz: float, walls: tuple[str, ...], ends: tuple[Any, Any], direction: str) -> Any:
    """Sionna's model of a cell with terminals' and base station's arrays, without path loss and shadow fading."""
    scenario = LINKS[kind](carrier_hz, *walls, *ends, direction, enable_pathloss=False, enable_shadow_fading=False)
    model = SystemLevelChannel(scenario)
    model._lsp_sampler, model._ray_sampler = _LargeScale(scenario), _Rays(scenario)
    return model
