"""PLAIN as published: one mode at a time, then fused."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.compression import COMPRESSIONS, Average, Compression
from semcom_estimation.sensing.decoupled import DECOUPLED, Decoupled, RootMusic
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.fusion import FUSIONS, Fusion, TensorOmp
from semcom_estimation.sensing.order import ORDERS, Aic, Order
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


class Tahir2025(Estimator):
    r"""Compression, decoupled estimation of each mode, fusion. [Tahir, Svoboda & Rupp 2025, arXiv 2503.21242]

        tensor -> compression -> unfolding of each mode -> order -> frequencies of the mode \
                        \--------------------------------------------------------------------> fusion -> Targets

    When the number of targets is known it is the order of each mode; else as many targets are fused as the mode with
    most of them has. A mode of n samples gives n - 1 frequencies at most, so fewer targets than asked for may be found.
    """

    kind: Literal["tahir2025"] = "tahir2025"
    cites: ClassVar[tuple[str, ...]] = ("tahir2025",)
    compression: Annotated[Compression, COMPRESSIONS] = Average()
    """What makes the tensor small first."""
    decoupled: Annotated[Decoupled, DECOUPLED] = RootMusic()
    """How frequencies of a mode are found."""
    order: Annotated[Order, ORDERS] = Aic()
    """How many there are in each mode, when that is not known."""
    fusion: Annotated[Fusion, FUSIONS] = TensorOmp()
    """Which of them belong together."""
    refine: bool = False
    """Whether joint Gauss-Newton follows, which is not part of the published method."""
    most: Annotated[int, Field(ge=1, le=1000)] = 50
    """Targets at most, when their number is unknown."""

    def check(self, model: SignalModel) -> str | None:
        """The compression fits the model and the estimator of modes."""
        if self.decoupled.needs_tones and not self.compression.keeps_tones:
            return (
                f"{self.decoupled.kind} needs tones, and {self.compression.kind} leaves none. "
                "Choose average as compression, or music"
            )
        return self.compression.check(model)

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        from semcom_estimation.sensing.composition import candidates_of, looks_of, orders_of, refined_together
        from semcom_estimation.sensing.least_squares import reported

        begin = time.perf_counter()
        small = self.compression.compress(tensor, model)
        compressed = time.perf_counter()
        looks = looks_of(small, model, self.decoupled)
        orders = orders_of(looks, self.order, targets, self.most)
        wanted = max(orders)
        candidates = candidates_of(looks, self.decoupled, orders)
        decoupled = time.perf_counter()
        frequencies = self.fusion.paired(small, candidates, wanted)
        fused = time.perf_counter()
        fit = refined_together(tensor, small, frequencies) if self.refine and len(frequencies) else None
        if fit is not None:
            frequencies = fit.frequencies
        seconds = {
            "compression": compressed - begin,
            "decoupled": decoupled - compressed,
            "fusion": fused - decoupled,
            "refinement": time.perf_counter() - fused,
        }
        likeliest = fit is not None
        return reported(tensor, model, frequencies, noise_variance, likeliest=likeliest, seen=fit, seconds=seconds)
