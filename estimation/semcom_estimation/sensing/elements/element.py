"""What every estimate of a channel's elements is: a weight for each, and the noise that follows from it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from semcom_channels.spec import Part

if TYPE_CHECKING:
    import numpy as np


class Measured(NamedTuple):
    """A tensor and the noise in it."""

    tensor: np.ndarray
    """Of the shape of what was heard."""
    noise_variance: float
    """E|w|^2 of an element, averaged over the elements of this frame."""


class Element(Part):
    """H = Y X* v(|X|^2) from Y = H X + W with E|W|^2 = N0, element by element.

    Weights v keep the mean: |X|^2 v averages 1 over the frame, so that a target's gain is the same. What is left in an
    element has the variance

        N0 mean(|X|^2 v^2) + g mean((|X|^2 v - 1)^2),    g = mean |H|^2,

    the first part noise, the second the frame's own data, which is zero where |X|^2 v = 1. Noise is independent from
    element to element. Data leave the same factor at all antennas: over subcarriers and symbols they are white for
    independent data, over antennas they point where the targets are.
    """

    @abstractmethod
    def weights(self, powers: np.ndarray, signal: float, noise_power: float) -> np.ndarray:
        """The weights v up to a common factor, for |X|^2 of each element, g and N0."""

    def estimate(self, heard: np.ndarray, sent: np.ndarray, noise_power: float) -> Measured:
        """The tensor of `heard` and `sent`, which is broadcast against it.

        ValueError for elements where nothing was sent, and for a noise power that is negative.
        """
        import numpy as np

        empty = int(np.count_nonzero(sent == 0))
        if empty:
            raise ValueError(
                f"{empty} of {sent.size} elements are empty; sense with those alone where symbols are sent"
            )
        if not 0.0 <= noise_power < np.inf:
            raise ValueError(f"noise_power is {noise_power:g}; expected 0 or more")
        powers = np.abs(sent).astype(np.float64) ** 2
        mean = float(powers.mean())
        signal = max(float(np.mean(np.abs(heard) ** 2, dtype=np.float64)) - noise_power, 0.0) / mean
        weights = self.weights(powers, signal, noise_power)
        weights = weights / np.mean(powers * weights)
        own = signal * float(np.mean((powers * weights - 1.0) ** 2))
        factors = (np.conj(sent) * weights).astype(sent.dtype)
        return Measured(heard * factors, noise_power * float(np.mean(powers * weights**2)) + own)

    def beside(self, heard: np.ndarray, sent: np.ndarray, noise_power: float, known: np.ndarray) -> Measured:
        """The tensor once more when targets are known that have the tensor `known`, of the shape of `heard`.

        It is known + elements of (heard - known sent): what data leave is then that of the rest alone. With equal
        weights a least squares fit that `known` is already stays, sum of dH* X* (Y - H X) = 0: the likelihood's own
        for any modulation, which the noise of division and the data left by the others miss. ValueError as of
        `estimate`.
        """
        rest = self.estimate((heard - known * sent).astype(heard.dtype), sent, noise_power)
        return Measured((known + rest.tensor).astype(heard.dtype), rest.noise_variance)
