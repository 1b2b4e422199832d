"""How well estimates match the truth: optimal assignment, never sorting."""

from typing import NamedTuple

import numpy as np

from semcom_estimation.sensing.signal_model import SignalModel


class Match(NamedTuple):
    """Which estimate stands for which target."""

    target: np.ndarray
    """Indices of targets that were detected."""
    estimate: np.ndarray
    """For each the index of its estimate."""


def distances_bins(model: SignalModel, truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """For each target and estimate the bins 1 / N between them, in the mode where they differ most, modulo 1 cycle."""
    apart = truth[:, None] - found
    apart = np.abs(apart - np.round(apart)) * np.array(model.shape)
    return np.asarray(np.max(apart, axis=2, initial=0.0))


def matched(model: SignalModel, truth: np.ndarray, found: np.ndarray, gate_bins: float) -> Match:
    """The assignment of least total distance, cut off at the gate, and of it the pairs within the gate. [Kuhn 1955]"""
    from scipy.optimize import linear_sum_assignment

    cost = np.minimum(distances_bins(model, truth, found), gate_bins)
    rows, columns = linear_sum_assignment(cost)
    within = cost[rows, columns] < gate_bins
    return Match(rows[within], columns[within])


def gospa(model: SignalModel, truth: np.ndarray, found: np.ndarray, cutoff_bins: float = 0.5) -> float:
    """The generalised optimal sub-pattern assignment metric with p = 2 and alpha = 2, in bins.

    The root of the squared distances of assigned pairs and cutoff^2 / 2 for each missed target and false estimate.
    [Rahmathullah, Garcia-Fernandez & Svensson 2017, eq. 1 and proposition 1]
    """
    from scipy.optimize import linear_sum_assignment

    squares = np.minimum(distances_bins(model, truth, found), cutoff_bins) ** 2
    rows, columns = linear_sum_assignment(squares)
    within = squares[rows, columns] < cutoff_bins**2
    alone = len(truth) + len(found) - 2 * int(within.sum())
    return float(np.sqrt(squares[rows, columns][within].sum() + cutoff_bins**2 / 2.0 * alone))
