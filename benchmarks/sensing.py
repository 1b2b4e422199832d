"""Estimates a second of PLAIN against one FFT of the same tensor and against joint NOMP; how its time grows.

Tensors are complex64, with targets apart at 0 dB; each turn takes the next of several. Errors of both stand in the row:
root mean squares over the root of the Cramer-Rao bound, in the worst mode.

python benchmarks/sensing.py
"""

import math
from collections.abc import Iterator, Sequence
from itertools import cycle

import numpy as np
from measure import SEED, Peer, Row, Speed, per_second, show, side_by_side

from semcom.scenes.uniform import Uniform
from semcom.studies.sensing_trials import measured
from semcom_estimation.sensing import Estimator, Nomp, Plain, SignalModel
from semcom_estimation.sensing.bounds import cramer_rao
from semcom_estimation.sensing.scoring import matched

TENSORS = 8
SIZES = ((16, 64, 16), (16, 128, 32), (32, 256, 32), (64, 256, 64), (64, 512, 64))


def three(angle: int, delay: int, doppler: int, view_s: Sequence[float], view_hz: Sequence[float]) -> SignalModel:
    """A line of antennas, subcarriers and symbols."""
    modes = [
        {"kind": "angle", "length": angle, "view_deg": [30, 150]},
        {"kind": "delay", "length": delay, "spacing_hz": 60e3, "view_s": view_s},
        {"kind": "doppler", "length": doppler, "symbol_s": 15.0 / 14.0 / 60e3, "view_hz": view_hz},
    ]
    return SignalModel.read({"modes": modes})


WIDE = ([0.0, 1.19e-6], [-5600.0, 5600.0])
DEMO = three(16, 180, 560, [0.16e-6, 1.36e-6], [-30.0, 630.0])
LARGE = three(32, 512, 64, *WIDE)
FIVE = SignalModel.read(
    {
        "modes": [
            *({"kind": kind, "length": 8, "view_deg": [-60, 60]} for kind in ("elevation", "azimuth", "departure")),
            {"kind": "delay", "length": 64, "spacing_hz": 60e3, "view_s": [0.0, 1.19e-6]},
            {"kind": "doppler", "length": 16, "symbol_s": 15.0 / 14.0 / 60e3, "view_hz": [-5600, 5600]},
        ]
    }
)


class Work:
    """Tensors of one model and their truths."""

    def __init__(self, model: SignalModel, targets: int) -> None:
        rng = np.random.default_rng(SEED)
        self.model, self.targets = model, targets
        self.truths = [Uniform(targets=targets).draw(model, rng) for _ in range(TENSORS)]
        self.tensors = [measured(model, truth, 1.0, rng) for truth in self.truths]

    def speed(self, estimator: Estimator) -> Speed:
        """Estimates a second; the first, which makes tables, does not count."""
        turn = cycle(self.tensors)
        estimator.estimate(self.tensors[0], self.model, targets=self.targets)
        return per_second(1, lambda: estimator.estimate(next(turn), self.model, targets=self.targets))

    def transform(self) -> Speed:
        """FFTs of all modes a second."""
        from scipy.fft import fftn

        turn = cycle(self.tensors)
        return per_second(1, lambda: fftn(next(turn), workers=1))

    def error(self, estimator: Estimator) -> float:
        """Over the root of the bound, in the worst mode; infinite when a target is missed."""
        squares = []
        for tensor, truth in zip(self.tensors, self.truths, strict=True):
            found = estimator.estimate(tensor, self.model, targets=self.targets)
            match = matched(self.model, truth.frequencies, found.frequencies, 0.5)
            if len(match.target) < self.targets:
                return math.inf
            apart = found.frequencies[match.estimate] - truth.frequencies[match.target]
            bound = cramer_rao(self.model, *truth, 1.0)[match.target]
            squares.append(apart**2 / np.diagonal(bound, axis1=1, axis2=2))
        return float(np.sqrt(np.mean(np.concatenate(squares), axis=0).max()))


def shape(model: SignalModel) -> str:
    """16x180x560, say."""
    return "x".join(map(str, model.shape))


def transform_row(model: SignalModel, targets: int, most: float) -> Row:
    """At most so many times the time of one FFT."""
    work = Work(model, targets)
    peer = Peer("one scipy.fft.fftn of the tensor, complex64", work.transform())
    named = f"PLAIN, {targets} targets in {shape(model)} (error {work.error(Plain()):.2f})"
    row = side_by_side(named, "estimates/s", work.speed(Plain()), peer, 1.0 / most)
    return row._replace(bar=f"at most {most:g} x its time")


def nomp_row(model: SignalModel, targets: int, padding: float, least: float) -> Row:
    """Against joint NOMP at equal errors."""
    work, nomp = Work(model, targets), Nomp(zero_padding=padding)
    errors = f"errors {work.error(Plain()):.2f}, peer's {work.error(nomp):.2f}"
    peer = Peer(f"joint NOMP, zero padding {padding:g}", work.speed(nomp))
    named = f"PLAIN, {targets} targets in {shape(model)}; {errors}"
    return side_by_side(named, "estimates/s", work.speed(Plain()), peer, least)


def growth_row() -> Row:
    """The exponent of N in the time over log N, fitted from 2^14 to 2^21 samples."""
    sizes, seconds = [], []
    for lengths in SIZES:
        work = Work(three(*lengths, *WIDE), 4)
        speed = work.speed(Plain())
        sizes.append(work.model.size)
        seconds.append(1.0 / max(speed() for _ in range(3)))
    exponent = float(np.polyfit(np.log(sizes), np.log(seconds) - np.log(np.log(sizes)), 1)[0])
    told = ", ".join(f"2^{math.log2(size):.0f}: {1e3 * time:.2g} ms" for size, time in zip(sizes, seconds, strict=True))
    work = f"PLAIN, 4 targets; exponent of N in its time over log N ({told})"
    return Row(work, "exponent", exponent, "N log N", 1.0, None, "at most 1", exponent <= 1.0, None)


def rows() -> Iterator[Row]:
    """The bars of the estimator."""
    yield transform_row(DEMO, 6, 0.65)
    yield transform_row(LARGE, 6, 1.35)
    yield nomp_row(LARGE, 6, 1.0, 12.0)
    yield nomp_row(LARGE, 6, 2.0, 60.0)
    yield nomp_row(FIVE, 6, 1.0, 8.0)
    yield growth_row()


if __name__ == "__main__":
    show(list(rows()))
