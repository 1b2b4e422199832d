"""The frequency of one tone in a vector."""

import numpy as np
from scipy import fft

from semcom_estimation.sensing.modes import Interval
from semcom_estimation.sensing.steering import steering

PADDING = 4
STEPS, ENOUGH = 30, 1e-12  # Newton steps at most, and the bins at which they end


def one_tone(vector: np.ndarray, view: Interval) -> float:
    """The frequency in the view where |a(f)* y|^2 is largest: that of maximum likelihood in white noise.

    The peak of a zero-padded transform in the view, then Newton steps uphill, which may end a little beyond it. [Rife &
    Boorstyn 1974]
    """
    length = len(vector)
    size = int(fft.next_fast_len(PADDING * length))
    places = np.arange(int(np.ceil(view[0] * size)), int(np.floor(view[1] * size)) + 1)
    if not len(places):
        places = np.array([round((view[0] + view[1]) / 2.0 * size)])
    power = np.abs(fft.fft(vector, size, workers=1)[places % size])
    return _climbed(vector, float(places[np.argmax(power)] / size))


def _climbed(vector: np.ndarray, frequency: float) -> float:
    """The nearest maximum uphill."""
    length = len(vector)
    turns = 2.0 * np.pi * (np.arange(length) - (length - 1) / 2.0)
    for _ in range(STEPS):
        heard = steering(length, np.array([frequency])).values[:, 0].conj() * vector
        value, slope, curve = np.sum(heard), -1j * (turns @ heard), -(turns**2 @ heard)
        rise = 2.0 * float(np.real(np.conj(value) * slope))
        bend = 2.0 * float(np.real(np.conj(slope) * slope + np.conj(value) * curve))
        step = -rise / bend if bend < 0.0 else np.sign(rise) / length
        step = float(np.clip(step, -0.5 / PADDING / length, 0.5 / PADDING / length))
        frequency += step
        if abs(step) * length < ENOUGH:
            break
    return frequency
