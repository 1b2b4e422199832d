"""Roots of the polynomial of the MUSIC spectrum."""

import numpy as np

from semcom_estimation.sensing.decoupled.look import Look
from semcom_estimation.sensing.decoupled.spectra import sharpened

ON_CIRCLE = 1e-5  # nearer than that a root is a double one: its angle is known to the root of rounding only


def music_roots(look: Look, order: int) -> np.ndarray:
    """Frequencies of the `order` roots nearest to the unit circle that are in the field of view.

    Roots come in pairs z, 1 / z*; each counts once. Where a pair meets on the circle, as without noise, the minimum of
    the spectrum on the circle is what the root would be without rounding.
    """
    signal = look.signal(order)
    noise = np.eye(look.length) - signal @ signal.conj().T
    places = range(look.length - 1, -look.length, -1)
    roots = np.roots([np.trace(noise, offset=place) for place in places])
    sizes = np.abs(roots)
    folded = np.where(sizes > 1.0, roots / np.maximum(sizes, 1.0) ** 2, roots)
    frequencies = look.of_turns(np.angle(folded) / (2.0 * np.pi))
    within = look.is_inside(frequencies)
    chosen = _once(folded[within] if within.any() else folded, order)
    found = look.of_turns(np.angle(chosen) / (2.0 * np.pi))
    double = 1.0 - np.abs(chosen) < ON_CIRCLE
    if double.any():
        found[double] = sharpened(look, signal, found[double], ON_CIRCLE)
    return look.inside(found)


def _once(roots: np.ndarray, order: int) -> np.ndarray:
    """The largest, without the other root of each one's pair."""
    left = roots[np.argsort(-np.abs(roots))]
    chosen: list[complex] = []
    while len(left) and len(chosen) < order:
        first, left = left[0], left[1:]
        chosen.append(first)
        if len(left):
            left = np.delete(left, np.argmin(np.abs(left - first)))
    return np.array(chosen)
