"""The steps of a decoupled estimate, one mode at a time."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.decoupled import Decoupled
from semcom_estimation.sensing.decoupled.look import Look
from semcom_estimation.sensing.gauss_newton import Fit, fitted, refined
from semcom_estimation.sensing.order import Order
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap

ACCURACY = 1e-10


def looks_of(small: Compressed, model: SignalModel, decoupled: Decoupled) -> list[Look]:
    """What the estimator of modes sees: the unfolding of each mode, with all others and the snapshots as snapshots."""
    looks = []
    for axis, (one, view) in enumerate(zip(small.maps, model.views, strict=True)):
        unfolding = np.moveaxis(small.tensor, axis, 0).reshape(one.kept, -1)
        looks.append(decoupled.look(unfolding, one, view))
    return looks


def orders_of(looks: Sequence[Look], rule: Order, targets: int | None, most: int) -> tuple[int, ...]:
    """How many targets each mode has: as many as are said, or what the rule finds, `most` at most."""
    if targets is not None:
        return (targets,) * len(looks)
    found = rule.orders([look.values for look in looks], [look.snapshots for look in looks])
    return tuple(min(order, most) for order in found)


def candidates_of(looks: Sequence[Look], decoupled: Decoupled, orders: Sequence[int]) -> list[np.ndarray]:
    """The frequencies of each mode, `[candidate]`, one at least."""
    return [decoupled.frequencies(look, max(order, 1)) for look, order in zip(looks, orders, strict=True)]


def refined_together(tensor: np.ndarray, small: Compressed, frequencies: np.ndarray) -> Fit:
    """Joint Gauss-Newton from `[target, mode]`: in the small tensor; in the large one where it has snapshots."""
    if small.snapshots == 1:
        data, maps = small.tensor[..., 0], small.maps
    else:
        data, maps = tensor.astype(np.complex128), tuple(ModeMap(length) for length in tensor.shape)
    energy = float(np.vdot(data, data).real)
    return refined(data, maps, fitted(data, maps, frequencies), energy, ACCURACY)
