"""The door to Sionna's detectors of several streams and its interpolators."""

from functools import lru_cache
from typing import Any

import numpy as np

from semcom_channels.backend import tf
from semcom_channels.channel import Joint
from semcom_channels.sionna_door import built_once
from semcom_channels.tensors import Llrs, Tensor

from sionna.phy.mimo import KBestDetector  # isort: skip
from sionna.phy.ofdm import LinearInterpolator, NearestNeighborInterpolator, PilotPattern  # isort: skip


def joint_llrs(joint: Joint, bits_per_symbol: int) -> Llrs:
    """Log-likelihood ratios of a K-best list, `[batch, uses * bits_per_symbol]`. [Guo & Nilsson 2006]"""
    layout = joint.layout
    paths = min(joint.paths, 2 ** (bits_per_symbol * layout.streams))
    llrs = _k_best(layout.streams, paths, bits_per_symbol)(joint.y, joint.h, _identity(joint.h))
    by_symbol = tf.reshape(llrs, [-1, layout.slots * len(layout.elements) * layout.streams, bits_per_symbol])
    return tf.reshape(by_symbol[:, : layout.uses], [-1, layout.uses * bits_per_symbol])


@built_once
def _k_best(streams: int, paths: int, bits_per_symbol: int) -> Any:
    return KBestDetector("bit", streams, paths, constellation_type="qam", num_bits_per_symbol=bits_per_symbol)


@built_once
def interpolation_weights(slot_shape: tuple[int, int], places: tuple[int, ...], interpolation: str) -> np.ndarray:
    """What Sionna's interpolators do to gains at pilot places, as a matrix `[element, pilot]` complex64.

    Both are linear, so what they make of one pilot after the other tells all.
    """
    symbols, subcarriers = slot_shape
    mask = np.zeros(symbols * subcarriers, bool)
    mask[list(places)] = True
    pattern = PilotPattern(mask.reshape(1, 1, symbols, subcarriers), np.ones((1, 1, len(places)), np.complex64))
    interpolator = NearestNeighborInterpolator(pattern) if interpolation == "nearest" else LinearInterpolator(pattern)
    single = tf.eye(len(places), dtype=tf.complex64)[:, None, None, None, None]
    weights, _ = interpolator(single, tf.zeros_like(single, tf.float32))
    return np.asarray(weights).reshape(len(places), -1).T


def _identity(h: Tensor) -> Tensor:
    return tf.broadcast_to(_eye(int(h.shape[-2])), tf.concat([tf.shape(h)[:-1], [h.shape[-2]]], 0))


@lru_cache(maxsize=64)
def _eye(size: int) -> Any:
    with tf.init_scope():
        return tf.eye(size, dtype=tf.complex64)
