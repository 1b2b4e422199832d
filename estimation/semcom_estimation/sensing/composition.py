"""The stages of estimation one mode at a time, and gains in the end."""

from collections.abc import Sequence

import numpy as np

from semcom_estimation.sensing.compression.compression import Compressed
from semcom_estimation.sensing.decoupled.decoupled import Decoupled
from semcom_estimation.sensing.decoupled.look import Look
from semcom_estimation.sensing.door import nothing
from semcom_estimation.sensing.fisher import covariances
from semcom_estimation.sensing.gauss_newton import fitted, refined
from semcom_estimation.sensing.order.order import Order
from semcom_estimation.sensing.signal_model import SignalModel
from semcom_estimation.sensing.steering import ModeMap, at_first
from semcom_estimation.sensing.targets import Targets, targets_of

ACCURACY = 1e-6


def looks_of(small: Compressed, model: SignalModel, decoupled: Decoupled) -> list[Look]:
    """At the unfolding of each mode, in which all other modes and the snapshots are snapshots."""
    looks = []
    for axis, (one, view) in enumerate(zip(small.maps, model.views, strict=True)):
        unfolding = np.moveaxis(small.tensor, axis, 0).reshape(one.kept, -1)
        looks.append(decoupled.look(unfolding, one, view))
    return looks


def orders_of(looks: Sequence[Look], order: Order, targets: int | None) -> tuple[int, ...]:
    """How many frequencies each mode has: as many as there are targets, when that is known."""
    if targets is not None:
        return (targets,) * len(looks)
    return order.orders([look.values for look in looks], [look.snapshots for look in looks])


def candidates_of(looks: Sequence[Look], decoupled: Decoupled, orders: Sequence[int]) -> list[np.ndarray]:
    """Frequencies of each mode, one at least."""
    return [decoupled.frequencies(look, max(order, 1)) for look, order in zip(looks, orders, strict=True)]


def settled(
    tensor: np.ndarray,
    small: Compressed,
    model: SignalModel,
    frequencies: np.ndarray,
    noise_variance: float | None,
    refine: bool,
) -> Targets:
    """Targets of these frequencies `[target, mode]`: gains by least squares, and joint Gauss-Newton if asked for.

    They are fitted to the small tensor, or to the large one where the small one has several snapshots. Deviations are
    those of refined targets alone: only they come near the bound.
    """
    single = small.snapshots == 1
    data = small.tensor[..., 0] if single else tensor.astype(np.complex128)
    maps = small.maps if single else tuple(ModeMap(length) for length in model.shape)
    energy = float(np.vdot(data, data).real)
    if not len(frequencies):
        return nothing(model, noise_variance or energy / data.size)
    fit = refined(data, maps, frequencies, energy, ACCURACY) if refine else fitted(data, maps, frequencies)
    unknowns = len(fit.gains) * (1.0 + len(maps) / 2.0)
    variance = noise_variance or max(energy - fit.explained, 0.0) / max(data.size - unknowns, 1.0)
    gains = at_first(fit.gains, fit.frequencies, model.shape)
    spread = covariances(fit.information, variance, len(maps)) if refine else None
    return targets_of(model, gains, fit.frequencies, variance, spread)
