"""PLAIN's default: compressed joint search and refinement."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from semcom_estimation.sensing.compression import COMPRESSIONS, Compression
from semcom_estimation.sensing.compression.dpss import Dpss
from semcom_estimation.sensing.estimator import Estimator
from semcom_estimation.sensing.signal_model import SignalModel

if TYPE_CHECKING:
    import numpy as np

    from semcom_estimation.sensing.targets import Targets


SMALL = 4096  # samples, so few that the whole field is searched at once: a compression leaves too few to tell by


class Plain(Estimator):
    """Compression to the field of view, search in all modes at once, joint Gauss-Newton after each target.

        tensor -> compression -> [ residual -> peak -> joint refinement ] for each target -> prune, merge -> Targets

    A target counts when its likelihood ratio passes what noise alone reaches with the probability `false_alarm`; noise
    is taken for white. Nothing outside of the field of view is reported, but it is explained: where a fit looks as if
    something were there, the whole tensor is searched at all frequencies, what is found outside is added to what the
    compression keeps, and all of it is fitted together.
    """

    kind: Literal["plain"] = "plain"
    cites: ClassVar[tuple[str, ...]] = ("tahir2025",)
    compression: Annotated[Compression, COMPRESSIONS] = Dpss()
    """What makes the tensor small first."""
    per_bin: Annotated[float, Field(ge=1.0, le=8.0)] | None = None
    """Points of the search to a resolution bin of each mode; null: 2 for up to three modes, or for up to five when the
    number of targets is unknown, fewer for more."""
    false_alarm: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.01
    """Probability of a target where there is only noise, when their number is unknown."""
    most: Annotated[int, Field(ge=1, le=1000)] = 50
    """Targets at most, when their number is unknown."""

    def check(self, model: SignalModel) -> str | None:
        """Its compression fits the model and keeps one snapshot."""
        if self.compression.gives_snapshots:
            kind = self.compression.kind
            return f"{kind} makes snapshots; the joint search takes one. Choose another compression"
        return self.compression.check(model)

    def found(
        self, tensor: np.ndarray, model: SignalModel, noise_variance: float | None, targets: int | None
    ) -> Targets:
        """In a tensor that has passed the door."""
        import numpy as np

        from semcom_estimation.sensing.fisher import covariances
        from semcom_estimation.sensing.outsiders import WholeField
        from semcom_estimation.sensing.pursuit import Pursuit, Rule
        from semcom_estimation.sensing.steering import at_first
        from semcom_estimation.sensing.targets import targets_of

        begin = time.perf_counter()
        small = self.compression.compress(tensor, model)
        compressed = time.perf_counter()
        rule = Rule(noise_variance, self.false_alarm, targets, self.most, float(np.finfo(tensor.dtype).eps))
        pursuit = Pursuit(small, model, self.per_bin, rule)
        at_once = self.compression.folds or model.size <= SMALL
        fit = pursuit.none() if at_once else pursuit.searched(pursuit.none())
        seconds = {"compression": compressed - begin, "search": time.perf_counter() - compressed}
        if at_once or pursuit.doubts(fit):
            begin = time.perf_counter()
            pursuit, fit = WholeField(tensor, model, small.maps, rule).searched(self.per_bin)
            seconds["whole_field"] = time.perf_counter() - begin
        variance = noise_variance or pursuit.noise_variance(fit)
        seen = pursuit.reported(fit)
        gains = at_first(fit.gains, fit.frequencies, model.shape)[seen]
        spread = covariances(fit.information, variance, len(model.modes))[seen] if len(gains) else None
        return targets_of(model, gains, fit.frequencies[seen], variance, spread, seconds)
